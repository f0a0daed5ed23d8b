"""A confirmed report is a credit for the member who filed it, a refuted one is noted, and either is
taken back when it is reopened; a finding that was right is a credit, too; who is erased, or
qualified no more, has no credentials; what was allowed about a login is done; and by when a
petition is to be answered is noted; what a register says of an association is a society."""

from collections.abc import Sequence

from services.promotion.domain.credentials import EndCredentials
from services.promotion.domain.login import CloseLogin, SignOutEverywhere
from services.promotion.domain.member import (
    CreditFinding,
    CreditReport,
    NoteRefutation,
    TakeBackOutcome,
)
from services.promotion.domain.petition import NoteOwed
from services.promotion.domain.society_registered import RegisterSociety, Stated, words_of
from shared.contracts.act import ActAllowed
from shared.contracts.check import CheckOpened
from shared.contracts.checking import CheckerCredited
from shared.contracts.identity import confirmer_id
from shared.contracts.login import LoginClosed, SignedOutEverywhere
from shared.contracts.member import (
    FindingCredited,
    QualificationLapsed,
    QualificationRevoked,
    RefutationNoted,
    ReportCredited,
)
from shared.contracts.person import PersonErased
from shared.contracts.petition import SOURCE as PETITIONS
from shared.contracts.registration import RegistrationStated
from shared.contracts.report import ReportConfirmed, ReportRefuted, ReportReopened
from shared.contracts.routing import log_of
from shared.contracts.society import SocietyRegistered
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
        case CheckerCredited(member_id=member) as event:
            found = FindingCredited(
                member_id=member,
                checking_id=event.checking_id,
                place=event.place,
                sector=event.sector,
                on=event.credited_at.date(),
                confidential=False,  # what is not public is shown to no checker
                protected=False,
                earned_by=recorded.ref,
            )
            return [Ask(CreditFinding(found))]
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


def _owed(recorded: RecordedEvent) -> Sequence[Ask]:
    """Of the commitment that the petition itself made; none that follows from it."""
    match recorded.event:
        case CheckOpened(source=source, source_id=named, check_id=check, due_at=due_at) if (
            source == PETITIONS and named == check
        ):
            return [Ask(NoteOwed(check, due_at, recorded.recorded_at))]
        case _:
            return []


def _register(recorded: RecordedEvent) -> Sequence[Ask]:
    match recorded.event:
        case RegistrationStated(registration_id=society_id) as said:
            stated = Stated(said.name, said.cause, said.tags)
            registered = SocietyRegistered(
                society_id=society_id,
                place=said.place,
                at=said.stated_at,
                registry=said.source,
                number=said.number,
                words=words_of(society_id, stated),
                places=said.places,
                sectors=said.sectors,
                founded_on=said.founded_on,
                ended_on=said.ended_on,
                federations=said.federations,
                merged_into=said.merged_into,
            )
            return [Ask(RegisterSociety(registered, stated))]
        case _:
            return []


REGISTERS = Reaction(
    service="promotion",
    name="registers",
    stream=log_of("intake"),
    handles=(RegistrationStated,),
    asks=_register,
)
REACTIONS = (
    Reaction(
        service="promotion",
        name="credits",
        stream=log_of("intake"),
        handles=(ReportConfirmed, ReportRefuted, ReportReopened, PersonErased, CheckerCredited),
        asks=_credit,
        origin=("reaction", "promotion"),  # from before names were part of ids
    ),
    Reaction(
        service="promotion",
        name="owed",
        stream=log_of("intake"),
        handles=(CheckOpened,),
        asks=_owed,
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
    REGISTERS,
)
