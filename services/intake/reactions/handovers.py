"""A beat that was handed over goes on as one of the successor's."""

from collections.abc import Sequence

from services.intake.domain.beat import AccreditCorrespondent
from shared.contracts.beat import BeatAccredited, BeatHandedOver
from shared.contracts.identity import beat_id
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.reaction import Ask, Reaction


def _go_on(recorded: RecordedEvent) -> Sequence[Ask]:
    """Who has the beat already keeps it as it is, unless another rhythm comes with it."""
    match recorded.event:
        case BeatHandedOver(successor=who) as event:
            accredited = BeatAccredited(
                beat_id=beat_id(who, event.place, event.sector),
                correspondent=who,
                place=event.place,
                sector=event.sector,
                source=event.source,
                zone=event.zone,
                rhythm_days=event.rhythm_days,
                since=event.handed_over_on,
            )
            return [Ask(AccreditCorrespondent(accredited))]
        case _:
            return []


HANDOVERS = Reaction(
    service="intake",
    name="handovers",
    stream=log_of("intake"),
    handles=(BeatHandedOver,),
    asks=_go_on,
)
