"""A confirmed report is a credit for the member who filed it, a refuted one is noted, and either is
taken back when it is reopened; who is erased, or qualified no more, has no credentials; and what
was allowed about a login is done."""

from collections.abc import Sequence

from services.promotion.domain.credentials import EndCredentials
from services.promotion.domain.login import CloseLogin, SignOutEverywhere
from services.promotion.domain.member import CreditReport, NoteRefutation, TakeBackOutcome
from shared.contracts.act import ActAllowed
from shared.contracts.identity import confirmer_id
from shared.contracts.login import LoginClosed, SignedOutEverywhere
from shared.contracts.member import (
    QualificationLapsed,
    QualificationRevoked,
    RefutationNoted,
    ReportCredited,
)
from shared.contracts.person import PersonErased
from shared.contracts.report import ReportConfirmed, ReportRefuted, ReportReopened
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
                protected=event.protected,
                earned_by=recorded.ref,
                confirmer=confirmer_id(recorded.actor),
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
                protected=event.protected,
                noted_from=recorded.ref,
            )
            return [Ask(NoteRefutation(noted))]
        case PersonErased(person_id=member):
            return [Ask(EndCredentials(member, "erased", recorded.sequence))]
        case ReportReopened(correspondent=str(member)) as event:
            taken_back = TakeBackOutcome(
                member_id=member,
                report_id=event.report_id,
                place=event.place,
                sector=event.sector,
                confidential=event.confidential,
                protected=event.protected,
                on=event.reopened_at.date(),
                taken_back_for=recorded.ref,
            )
            return [Ask(taken_back)]
        case _:
            return []


def _do(recorded: RecordedEvent) -> Sequence[Ask]:
    match recorded.event:
        case ActAllowed(kind="close-login", about=about):
            return [Ask(CloseLogin(LoginClosed(login_id=about)))]
        case ActAllowed(kind="sign-out", about=about, at=at):
            out = SignedOutEverywhere(login_id=about, until=at)
            return [Ask(SignOutEverywhere(out))]
        case _:
            return []


def _end(recorded: RecordedEvent) -> Sequence[Ask]:
    """Of what somebody is qualified on no more no credential is good."""
    match recorded.event:
        case QualificationLapsed(member_id=member, track=track):
            return [Ask(EndCredentials(member, "lapsed", recorded.sequence, track))]
        case QualificationRevoked(member_id=member, track=track):
            return [Ask(EndCredentials(member, "revoked", recorded.sequence, track))]
        case _:
            return []


REACTIONS = (
    Reaction(
        service="promotion",
        name="credits",
        stream=log_of("intake"),
        handles=(ReportConfirmed, ReportRefuted, ReportReopened, PersonErased),
        asks=_credit,
        origin=("reaction", "promotion"),  # from before names were part of ids
    ),
    Reaction(
        service="promotion",
        name="acts",
        stream=log_of("promotion"),
        handles=(ActAllowed,),
        asks=_do,
    ),
    Reaction(
        service="promotion",
        name="qualifications-ended",
        stream=log_of("promotion"),
        handles=(QualificationLapsed, QualificationRevoked),
        asks=_end,
    ),
)
