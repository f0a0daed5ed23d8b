"""What is wrong with a charter's tracks that none of their keys shows by itself."""

import math
from collections.abc import Iterator, Mapping, Sized

from shared.runtime.charter_across import Odd
from shared.runtime.charter_tracks import LONGEST_DAYS, Track
from shared.runtime.toml_lines import Key
from shared.runtime.toml_words import meant

FILE = "tracks.toml"


def odd_tracks(tracks: list[Track], places: Sized | None, sectors: Sized | None) -> Iterator[Odd]:
    """`places` and `sectors` of the charter, where they can be used."""
    first: dict[str, Track] = {}
    for number, track in enumerate(tracks):
        if track.name in first:
            words = f'"{track.name}" is the name of another track already; each has its own'
            yield Odd(FILE, ("track", number, "name"), words)
        first.setdefault(track.name, track)
    titles: dict[str, str] = {}
    for number, track in enumerate(tracks):
        at: Key = ("track", number)
        yield from _unmet(at, track, places, sectors)
        yield from _decides_nothing(at, track)
        yield from _after(at, track, first)
        other = titles.setdefault(track.title, track.name)
        if other != track.name:
            words = (
                f'"{track.title}" is the title of "{other}", too; pages could not tell them apart'
            )
            yield Odd(FILE, (*at, "title"), words, may_be_meant=True)
    yield from _loops(tracks)


def _unmet(at: Key, track: Track, places: Sized | None, sectors: Sized | None) -> Iterator[Odd]:
    """What nobody can ever meet."""
    nobody = f'nobody can meet "{track.name}"'
    if sectors is not None and track.sectors > len(sectors):
        has = f"sectors.toml has {len(sectors)}"
        yield Odd(FILE, (*at, "sectors"), f"{nobody}: it wants {track.sectors} sectors, and {has}")
    if places is not None and (track.places or 0) > len(places):
        has = f"there are {len(places)} with the root"
        yield Odd(FILE, (*at, "places"), f"{nobody}: it wants {track.places} places, and {has}")
    if track.window_days and track.days > track.window_days:
        words = f"{nobody}: it wants {track.days} days within a window of {track.window_days}"
        yield Odd(FILE, (*at, "days"), words)
    most = _most(track)
    if most is not None and most < track.confirmed:
        words = (
            f"{nobody}: by most_per_day, half_life_days and window_days no more than {most:,.1f}"
            f" count at a time, and it wants {track.confirmed}"
        )
        yield Odd(FILE, (*at, "confirmed"), words)


def _most(track: Track) -> float | None:
    """As which so many reports a day count at the most, if anything bounds them."""
    if not track.most_per_day:
        return None
    window = track.window_days or (LONGEST_DAYS if track.half_life_days else 0)
    if not window:
        return None
    if not track.half_life_days:
        return float(track.most_per_day * window)
    of_each_day = (math.exp2(-age / track.half_life_days) for age in range(window))
    return track.most_per_day * sum(of_each_day)


def _decides_nothing(at: Key, track: Track) -> Iterator[Odd]:
    def odd(key: str, words: str) -> Odd:
        return Odd(FILE, (*at, key), words, may_be_meant=True)

    for more in ("sectors", "days", "places", "confirmers"):
        if (getattr(track, more) or 0) > track.confirmed:
            yield odd(more, f'"{more}" is more than "confirmed", which so decides nothing')
    if track.half_life_days and not track.most_per_day:
        words = (
            "without most_per_day a burst of one day counts more than the same work over weeks, for"
            " what is younger counts more"
        )
        yield odd("half_life_days", words)
    for most in ("most_per_day", "most_per_confirmer"):
        if (getattr(track, most) or 0) > track.confirmed and not track.half_life_days:
            yield odd(most, f'"{most}" is more than "confirmed", and so decides nothing')


def _after(at: Key, track: Track, tracks: Mapping[str, Track]) -> Iterator[Odd]:
    for name in track.after:
        before = tracks.get(name)
        if name == track.name:
            words = f'"{name}" can not come after itself; leave it out'
            yield Odd(FILE, (*at, "after"), words)
        elif before is None:
            words = f'"{name}" is no track of this charter{meant(name, tracks)}'
            yield Odd(FILE, (*at, "after"), words)
        elif track.level and before.level and before.level >= track.level:
            words = (
                f'"{track.name}" of level {track.level} comes after "{name}" of level'
                f" {before.level}; it must be higher"
            )
            yield Odd(FILE, (*at, "level"), words)


def _loops(tracks: list[Track]) -> Iterator[Odd]:
    """Each is told once, at the first of its tracks in the file."""
    after = {track.name: track.after for track in tracks}
    numbers = {track.name: number for number, track in reversed([*enumerate(tracks)])}
    for name, number in sorted(numbers.items(), key=lambda each: each[1]):
        loop = _way_back(name, after)
        if len(loop) > 1 and min(numbers[each] for each in loop) == number:
            way = " after ".join(f'"{each}"' for each in [*loop, name])
            words = f"nobody can begin: {way}; leave one of them out"
            yield Odd(FILE, ("track", number, "after"), words)


def _way_back(start: str, after: Mapping[str, list[str]]) -> list[str]:
    """The shortest way from a track over those before it back to itself; empty if there is none."""
    ways, seen = [[start]], set[str]()
    for way in ways:
        for name in after.get(way[-1], ()):
            if name == start:
                return way
            if name in after and name not in seen:
                seen.add(name)
                ways.append([*way, name])
    return []
