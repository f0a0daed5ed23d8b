"""When the rhythm of a beat runs out, counted in days of which some do not count."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ONE_DAY = timedelta(days=1)

Rest = tuple[date, date | None]
"""From a day through another one; without an end until it is resumed."""

Span = tuple[date, date]
"""From a day on which something was heard to another one: in between the rhythm never ran out."""

RunsOut = Callable[[date], date | None]
"""The last day for a report after that one; None while nothing is expected."""


def zone_of(name: str) -> tzinfo:
    """An event that was written has to be read, whatever zones there are."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def day_in(zone: str, moment: datetime) -> date:
    return moment.astimezone(zone_of(zone)).date()


def runs_out(
    after: date, days: int, rests: Collection[Rest], holidays: Collection[date] = ()
) -> date | None:
    """The day of which the end is the end of so many days that count."""
    day, left = after, days
    while left:
        day += ONE_DAY
        resting = [until for begin, until in rests if begin <= day <= (until or date.max)]
        if None in resting:
            return None
        if resting:
            day = max(filter(None, resting))
        elif day not in holidays:
            left -= 1
    return day


def holds(rest: Rest, day: date) -> bool:
    first, last = rest
    return first <= day and (last is None or day <= last)


def resumed(rests: Collection[Rest], on: date) -> tuple[Rest, ...]:
    """What is left of them: a rest that began on that day never was, a later one is to come."""
    left = ((rest[0], on - ONE_DAY) if holds(rest, on) else rest for rest in rests)
    return tuple(rest for rest in left if rest[1] is None or rest[0] <= rest[1])


def joined(spans: Iterable[Span], runs_out: RunsOut) -> list[Span]:
    """In their order, and as one where the rhythm did not run out between two."""
    found: list[Span] = []
    for first, last in sorted(spans):
        if found and _reaches(found[-1][1], first, runs_out):
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found


def _reaches(after: date, day: date, runs_out: RunsOut) -> bool:
    if day <= after:
        return True
    end = runs_out(after)
    return end is None or day <= end


def judged(
    clock: date,
    silent_since: date | None,
    spans: Sequence[Span],
    runs_out: RunsOut,
    today: date,
) -> Iterator[tuple[bool, date, date]]:
    """What is to be said of it: (True, last heard, ran out) when it fell silent, (False, heard, ran
    out before that) when it was heard again; each once, whenever it is looked at."""
    rest = sorted(span for span in spans if span[1] > clock)
    while True:
        if silent_since is not None:
            if not rest:
                return
            clock = max(rest[0][0], clock + ONE_DAY)
            yield False, clock, silent_since
            silent_since = None
        end = runs_out(clock)
        while rest and (end is None or rest[0][0] <= end):
            clock = max(clock, rest.pop(0)[1])
            end = runs_out(clock)
        if end is None or today <= end:
            return
        yield True, clock, end
        silent_since = end
