"""Who qualified as a member may be a checker, where they qualified."""

from collections.abc import Sequence

from services.intake.domain.checker import NoteQualified
from shared.contracts.checking import CheckerQualified
from shared.contracts.member import MemberQualified
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.reaction import Ask, Reaction


def _note(recorded: RecordedEvent) -> Sequence[Ask]:
    match recorded.event:
        case MemberQualified() as event:
            qualified = CheckerQualified(member_id=event.member_id, place=event.place)
            return [Ask(NoteQualified(qualified))]
        case _:
            return []


CHECKERS = Reaction(
    service="intake",
    name="checkers",
    stream=log_of("promotion"),
    handles=(MemberQualified,),
    asks=_note,
)
