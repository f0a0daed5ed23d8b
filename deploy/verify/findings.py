"""What is found: of each kind the first few in full, of the others how many."""

from dataclasses import dataclass, field

SHOWN = 5


@dataclass
class Verdict:
    """`looked_at` with figures; `wrong` is what must not be; `behind` is not done yet and therefore
    not proven; `left_over` is nobody's any more. Nothing wrong is what we want."""

    looked_at: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    left_over: list[str] = field(default_factory=list)


@dataclass
class Findings:
    """What is wrong, by kind in the order in which the kinds were met."""

    _lines: dict[str, list[str]] = field(default_factory=dict)
    _counts: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, line: str) -> None:
        """`kind` says in a few words what lines like this one have in common."""
        lines = self._lines.setdefault(kind, [])
        if len(lines) < SHOWN:
            lines.append(line)
        self._counts[kind] = self._counts.get(kind, 0) + 1

    def by_kind(self) -> list[tuple[str, list[str], int]]:
        """Of each kind what is shown of it, and how many there are; for `add_all`."""
        return [(kind, lines, self._counts[kind]) for kind, lines in self._lines.items()]

    def add_all(self, kind: str, lines: list[str], count: int) -> None:
        for line in lines:
            self.add(kind, line)
        self._counts[kind] += count - len(lines)

    def lines(self) -> list[str]:
        found = []
        for kind, lines in self._lines.items():
            found += lines
            if more := self._counts[kind] - len(lines):
                found.append(f"… and {more:,} more: {kind}")
        return found


def span(first: int, last: int) -> str:
    """Sequences in words, both ends included: "7", or "7 to 12"."""
    return f"{first:,}" if first == last else f"{first:,} to {last:,}"
