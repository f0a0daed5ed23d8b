"""An exchange: the staff inquire, and who filed the report replies, under its code."""

from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.protection import NotForThisRoleError
from services.intake.domain.report_state import digest
from shared.contracts.exchange import ExchangeEvent, InquiryMade, ReplyGiven
from shared.contracts.roles import OPENERS, Role
from shared.contracts.values import Id, Prose, UtcInstant
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.errors import DomainError

MOST_IN_A_ROW = 20
"""Replies since the last inquiry: who has a code is known to nobody, and may be a machine."""

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Inquire:
    report_id: Id
    role: Role
    words: Prose
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class Reply:
    report_id: Id
    words: Prose
    now: UtcInstant


ExchangeCommand = Inquire | Reply

# --- State ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Exchange:
    """How many replies came since the last inquiry; `last` is a digest of what was said last."""

    in_a_row: int = 0
    last: bytes = b""


class TooManyRepliesError(DomainError):
    pass


class NothingSaidError(DomainError):
    pass


# --- Decide and evolve ----------------------------------------------------


def decide(command: ExchangeCommand, exchange: Exchange) -> list[ExchangeEvent]:
    if not command.words.strip():
        raise NothingSaidError("There is nothing in it.")
    if _digest(command.words, command.now) == exchange.last:
        return []  # a repeated command: it is already so
    match command:
        case Inquire(report_id, role, words, now):
            if role not in OPENERS:
                raise NotForThisRoleError("Only who may be shown a report's words asks about it.")
            return [InquiryMade(report_id=report_id, role=role, words=words, made_at=now)]
        case Reply() if exchange.in_a_row >= MOST_IN_A_ROW:
            raise TooManyRepliesError("Nothing more is taken until the body has asked again.")
        case Reply(report_id, words, now):
            return [ReplyGiven(report_id=report_id, words=words, given_at=now)]


def evolve(exchange: Exchange, event: ExchangeEvent) -> Exchange:
    match event:
        case InquiryMade(words=words, made_at=at):
            return Exchange(0, _digest(words, at))
        case ReplyGiven(words=words, given_at=at):
            return Exchange(exchange.in_a_row + 1, _digest(words, at))
        case _:
            return exchange


def _digest(words: str, at: datetime) -> bytes:
    """So short words need no more room than a digest has."""
    return digest(f"{at.isoformat()} {words}")


category = Category(
    service="intake",
    name="exchange",
    decider=Decider[ExchangeCommand, ExchangeEvent, Exchange](
        initial_state=Exchange(), decide=decide, evolve=evolve
    ),
    commands=(),
    inner=(Inquire, Reply),
    key="report_id",
)
