"""What a correspondent's beat expects of them, in their own words: by which day, and since when."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from services.intake.rhythm import Rest, Span, holds, runs_out


@dataclass(frozen=True)
class OwnBeat:
    """`by` is the last day for the next report; None while they rest, or it ran out already."""

    place: str
    sector: str
    rhythm_days: int
    heard_on: date
    by: date | None
    ran_out_on: date | None
    rests: tuple[Rest, ...]
    is_resting: bool


def own_beat(
    charge: tuple[str, str, int],
    spans: list[Span],
    rests: list[Rest],
    holidays: Collection[date],
    today: date,
) -> OwnBeat:
    place, sector, rhythm = charge
    heard = max(last for _, last in spans)
    end = runs_out(heard, rhythm, rests, holidays)
    over = end is not None and end < today
    to_come = tuple(rest for rest in rests if rest[1] is None or rest[1] >= today)
    return OwnBeat(
        place,
        sector,
        rhythm,
        heard,
        None if over else end,
        end if over else None,
        to_come,
        any(holds(rest, today) for rest in rests),
    )
