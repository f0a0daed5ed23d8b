"""A confirmed report is a credit for the member who filed it; a refuted one is noted."""

from services.promotion.domain.member import CreditReport, NoteRefutation
from shared.contracts.report import ReportConfirmed, ReportRefuted
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.reaction import reaction

FILTERS = ("intake.report.ReportConfirmed.>", "intake.report.ReportRefuted.>")


def react(recorded: RecordedEvent) -> Envelope | None:
    match recorded.event:
        case ReportConfirmed(correspondent=str(member)) as event:
            return reaction(
                "promotion",
                recorded,
                CreditReport(
                    member_id=member,
                    report_id=event.report_id,
                    place=event.place,
                    sector=event.sector,
                    on=event.confirmed_at.date(),
                    confidential=event.confidential,
                    earned_by=recorded.ref,
                ),
            )
        case ReportRefuted(correspondent=str(member)) as event:
            return reaction(
                "promotion",
                recorded,
                NoteRefutation(
                    member_id=member,
                    report_id=event.report_id,
                    place=event.place,
                    sector=event.sector,
                    on=event.refuted_at.date(),
                    confidential=event.confidential,
                    noted_from=recorded.ref,
                ),
            )
        case _:
            return None
