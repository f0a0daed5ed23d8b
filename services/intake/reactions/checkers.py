"""Who qualified as a member may be a checker, where they qualified, until they are no more."""

from collections.abc import Sequence

from services.intake.domain.checker import NoteQualified, NoteUnqualified
from shared.contracts.checking import CheckerQualified
from shared.contracts.member import (
    MemberQualified,
    QualificationEnded,
    QualificationLapsed,
    QualificationRevoked,
)
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.reaction import Ask, Reaction


def _note(recorded: RecordedEvent) -> Sequence[Ask]:
    match recorded.event:
        case MemberQualified() as event:
            qualified = CheckerQualified(member_id=event.member_id, place=event.place)
            return [Ask(NoteQualified(qualified))]
        case QualificationEnded(member_id=member, holds=0):
            return [Ask(NoteUnqualified(member))]
        case _:
            return []


CHECKERS = Reaction(
    service="intake",
    name="checkers",
    stream=log_of("promotion"),
    handles=(MemberQualified, QualificationLapsed, QualificationRevoked),
    asks=_note,
)
