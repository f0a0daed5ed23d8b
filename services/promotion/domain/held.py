"""What somebody is qualified on, and whether they keep it: by their own work, and by no clock."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from services.promotion.domain.track import Figure, Track, figures, record_for
from services.promotion.domain.work import Work


class Held(NamedTuple):
    """A qualification: where, by which version of the rule, and the day of the newest credit that
    it can rest on. It wavers `since` a day until the beginning of `lapses_on`."""

    place: str
    rule_version: int
    until: date
    since: date | None = None
    lapses_on: date | None = None

    @property
    def wavers(self) -> bool:
        return self.lapses_on is not None

    def wavering(self, since: date, lapses_on: date) -> "Held":
        return self._replace(since=since, lapses_on=lapses_on)

    def steadied(self) -> "Held":
        return self._replace(since=None, lapses_on=None)


Helds = Mapping[str, Held]


def judged(tracks: Sequence[Track], held: Helds) -> Iterator[tuple[Track, Held]]:
    """What was earned by another version of its rule stays as it was earned."""
    for track in tracks:
        one = held.get(track.name)
        if one is not None and one.rule_version == track.version:
            yield track, one


def lacking(track: Track, work: Work) -> list[Figure]:
    return [each for each in figures(track, record_for(track, work)) if not each.met]


def slipped(track: Track, work: Work) -> list[Figure]:
    """What is below nine tenths."""
    return [each for each in figures(track, record_for(track, work)) if not each.is_kept]


def lapses_on(track: Track, since: date) -> date:
    return since + timedelta(days=track.grace_days)


def lapsed(tracks: Sequence[Track], held: Helds, today: date) -> list[tuple[Track, Held]]:
    """Whose time of grace is over by that day."""
    return [
        (track, one)
        for track, one in judged(tracks, held)
        if one.lapses_on is not None and one.lapses_on <= today
    ]


def broken(track: Track, one: Held, on: date, before: Work, after: Work) -> list[Figure]:
    """What the rule lacks because a credit of the day `on` was taken back: none if the
    qualification can not rest on that one, or if it is met without. Too many refutations from
    before have nothing to do with it."""
    if on > one.until:
        return []
    had = {each.what for each in figures(track, record_for(track, before)) if each.met}
    lacks = lacking(track, after)
    return [each for each in lacks if not each.most or each.what in had]
