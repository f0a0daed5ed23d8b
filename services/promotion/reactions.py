"""A confirmed report is a credit for the member who filed it; a refuted one is noted."""

from collections.abc import Sequence

from services.promotion.domain.member import CreditReport, NoteRefutation
from shared.contracts.member import RefutationNoted, ReportCredited
from shared.contracts.report import ReportConfirmed, ReportRefuted
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.reaction import Ask, Reaction


def _credit(recorded: RecordedEvent) -> Sequence[Ask]:
    match recorded.event:
        case ReportConfirmed(correspondent=str(member)) as event:
            credited = ReportCredited(
                member_id=member,
                report_id=event.report_id,
                place=event.place,
                sector=event.sector,
                on=event.confirmed_at.date(),
                confidential=event.confidential,
                earned_by=recorded.ref,
            )
            return [Ask(CreditReport(credited))]
        case ReportRefuted(correspondent=str(member)) as event:
            noted = RefutationNoted(
                member_id=member,
                report_id=event.report_id,
                place=event.place,
                sector=event.sector,
                on=event.refuted_at.date(),
                confidential=event.confidential,
                noted_from=recorded.ref,
            )
            return [Ask(NoteRefutation(noted))]
        case _:
            return []


REACTIONS = (
    Reaction(
        service="promotion",
        name="credits",
        stream=log_of("intake"),
        handles=(ReportConfirmed, ReportRefuted),
        asks=_credit,
        origin=("reaction", "promotion"),  # from before names were part of ids
    ),
)
