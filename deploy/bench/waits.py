"""How long readers waited for what they were told, of all events and all readers."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

Told = Sequence[float]
"""When, from which position, up to which."""


def waits_ms(told: Iterable[Told], stored: Sequence[float], first: int) -> Counter[int]:
    """For each event that each reader was told of. `stored` is when the event `first` and those
    after it came to stand in the stream."""
    waits: Counter[int] = Counter()
    for when, before, position in told:
        for sequence in range(max(first, int(before) + 1), int(position) + 1):
            if sequence - first < len(stored):
                waits[max(0, round(1000 * (when - stored[sequence - first])))] += 1
    return waits


def late(positions: Iterable[int], stored: Sequence[float], first: int, until: float) -> int:
    """How many readers have not been told of what stood there until then."""
    due = first - 1 + sum(1 for each in stored if each < until)
    return sum(1 for position in positions if position < due)


def cuts(name: str, waits: Counter[int]) -> dict[str, float]:
    return {
        f"{name}_p50_ms": at(waits, 0.5),
        f"{name}_p99_ms": at(waits, 0.99),
        f"{name}_max_ms": at(waits, 1.0),
    }


def at(waits: Counter[int], share: float) -> float:
    """What that share of them waited at most; infinite if somebody waited in vain."""
    left = share * waits.total()
    for wait, count in _sorted(waits):
        left -= count
        if left <= 0:
            return wait
    return float("nan")


def _sorted(waits: Counter[int]) -> Iterator[tuple[int, int]]:
    return iter(sorted(waits.items()))
