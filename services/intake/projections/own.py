"""What is known of one correspondent, for themselves: beats, reports, and what came of these."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from services.intake.own_beat import OwnBeat, own_beat
from services.intake.projections import beats, filed_by, reliability
from services.intake.projections.reliability import Prior, Share
from shared.eventsourcing.projections.read_model import Row

MOST = 100


@dataclass(frozen=True)
class Own:
    """`shares` are by sector."""

    beats: Sequence[OwnBeat]
    reports: Sequence[Row]
    shares: Mapping[str, Share]


NOTHING = Own((), (), {})


def own_of(
    connection: Connection, who: str, holidays: Collection[date], prior: Prior, today: date
) -> Own:
    shares = reliability.shares(connection, [who], prior)
    return Own(
        [
            own_beat(
                (row["place"], row["sector"], row["rhythm_days"]),
                beats.spans_of(row),
                beats.rests_of(row),
                holidays,
                today,
            )
            for row in beats.of_person(connection, who)
        ],
        filed_by.of_person(connection, who, MOST),
        {sector: share for (_, sector), share in shares.items()},
    )
