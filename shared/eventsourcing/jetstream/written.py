"""Where the writers of one process have written into a stream: none looks at another's."""

from dataclasses import dataclass, field


@dataclass
class Written:
    """Spans of sequences by their first one; what meets is one span, so that a few are all."""

    _spans: dict[int, int] = field(default_factory=dict)
    _ends: dict[int, int] = field(default_factory=dict)

    def note(self, first: int, last: int) -> None:
        if (before := self._ends.pop(first - 1, None)) is not None:
            first = before
        if (behind := self._spans.pop(last + 1, None)) is not None:
            del self._ends[behind]
            last = behind
        self._spans[first], self._ends[last] = last, first

    def holds(self, first: int, last: int) -> bool:
        """Whether all of them, from the first to the last, were written here."""
        return any(start <= first and last <= end for start, end in self._spans.items())
