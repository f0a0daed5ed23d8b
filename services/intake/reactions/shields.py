"""Checks that were opened before their report are shielded, once it is known as confidential."""

from collections.abc import Sequence

from services.intake.domain.followers import NoteFollower
from services.intake.domain.shield import ShieldCheck
from shared.contracts.check import CheckReportAwaited
from shared.contracts.report import FollowersFound
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.reaction import Ask, Reaction


def _asks(recorded: RecordedEvent) -> Sequence[Ask]:
    match recorded.event:
        case CheckReportAwaited() as event:
            return [Ask(NoteFollower(event.report_id, event.check_id, event.place))]
        case FollowersFound(checks=checks):
            return [Ask(ShieldCheck(each, recorded.recorded_at), each) for each in checks]
        case _:
            return []


SHIELDS = Reaction(
    service="intake",
    name="shields",
    stream=log_of("intake"),
    handles=(CheckReportAwaited, FollowersFound),
    asks=_asks,
)
