"""The coverage ledger: what was expected and heard of places and sectors, and where nobody sees."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from shared.contracts.place import EVERYWHERE, is_within, regions

State = Literal["heard", "silent", "never heard", "no correspondent"]


@dataclass(frozen=True)
class Figures:
    """Of one beat that somebody had in a month: whether they were heard, and reports; whether they
    had it, and were silent, on the last day that was looked at; and if they were heard ever."""

    place: str
    sector: str
    present: bool
    expected: int
    received: int
    late: int
    held: bool
    silent: bool
    ever: bool


@dataclass(frozen=True)
class Cell:
    """A place, with all that lies in it, and a sector, in a month."""

    place: str
    sector: str
    correspondents: int
    present: int
    reports_expected: int
    reports_received: int
    reports_on_time: int
    state: State


def children(place: str, places: Iterable[str]) -> list[str]:
    """The place, and those directly below it that the charter has."""
    known = set(places)
    below = [each for each in known if each not in (place, EVERYWHERE) and is_within(each, place)]
    between, inside = {place, EVERYWHERE}, set(below)
    direct = [each for each in below if not (set(regions(each)) - {each} - between) & inside]
    return [place, *sorted(direct)]


def cells(places: Iterable[str], beats: Iterable[Figures]) -> Iterator[Cell]:
    """Of each of the places and each sector that any of the beats is of; the first place is the
    whole, the others lie in it."""
    found = list(beats)
    lines = list(places)
    for sector in sorted({each.sector for each in found}):
        for place in lines:
            own = [each for each in found if each.sector == sector and is_within(each.place, place)]
            yield _cell(place, sector, own)


def _cell(place: str, sector: str, own: list[Figures]) -> Cell:
    received = sum(each.received for each in own)
    return Cell(
        place,
        sector,
        len(own),
        sum(each.present for each in own),
        sum(each.expected for each in own),
        received,
        received - min(received, sum(each.late for each in own)),
        _state(own),
    )


def _state(own: list[Figures]) -> State:
    """It is blind where nobody is to see, nobody ever has, or all have fallen silent."""
    held = [each for each in own if each.held]
    if not held:
        return "no correspondent"
    if not any(each.ever for each in held):
        return "never heard"
    return "silent" if all(each.silent for each in held) else "heard"


def without_any(sectors: Mapping[str, str], found: Iterable[Cell]) -> list[str]:
    seen = {each.sector for each in found}
    return [code for code in sectors if code not in seen]
