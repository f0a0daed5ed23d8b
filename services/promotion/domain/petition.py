"""A petition: so many who live in its place oblige the body to an answer, within its term."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial, reduce
from typing import Any

from services.promotion.domain.petition_kept import dump, load
from services.promotion.domain.petition_rules import (
    MOST_ANSWERS,
    MOST_SIGNERS,
    AnsweredError,
    FullError,
    LapsedError,
    NewcomerError,
    NoPetitionError,
    NotOfThePlaceError,
    NotReachedError,
    TooManyAnswersError,
)
from services.promotion.domain.petition_state import Petition
from shared.contracts.petition import (
    AnswerOwed,
    PetitionAnswered,
    PetitionCounted,
    PetitionEvent,
    PetitionHidden,
    PetitionLapsed,
    PetitionReached,
    PetitionSigned,
    PetitionStarted,
    SignatureWithdrawn,
    StarterForgotten,
)
from shared.contracts.place import is_within
from shared.contracts.steps import step_of
from shared.contracts.values import Id, Line, Place, UtcInstant
from shared.eventsourcing.decider import Category, Decider, Kept

SMALLEST = 5
"""The figure below which nothing is told, where the charter says no other one."""

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StartPetition:
    started: PetitionStarted

    @property
    def petition_id(self) -> Id:
        return self.started.petition_id


@dataclass(frozen=True, slots=True)
class _ByMember:
    petition_id: Id
    by: Id
    at: UtcInstant


@dataclass(frozen=True, slots=True)
class SignPetition(_ByMember):
    """They live at `home`; of them that and their login are known since `known_since`."""

    home: Place
    known_since: UtcInstant


class WithdrawSignature(_ByMember):
    pass


@dataclass(frozen=True, slots=True)
class AnswerPetition(_ByMember):
    words: Id


@dataclass(frozen=True, slots=True)
class HidePetition(_ByMember):
    reason: Line


@dataclass(frozen=True, slots=True)
class NoteOwed:
    """Its check was opened."""

    petition_id: Id
    due_at: UtcInstant
    at: UtcInstant


@dataclass(frozen=True, slots=True)
class ForgetStarter:
    """Their login is closed, and what they wrote is erased already."""

    petition_id: Id
    at: UtcInstant


@dataclass(frozen=True, slots=True)
class EndPetition:
    """Sent by the sweep: whether its term is over."""

    petition_id: Id
    at: UtcInstant


PetitionCommand = (
    StartPetition
    | SignPetition
    | WithdrawSignature
    | AnswerPetition
    | HidePetition
    | NoteOwed
    | ForgetStarter
    | EndPetition
)

# --- Decide ---------------------------------------------------------------


def decide(
    command: PetitionCommand, petition: Petition, smallest: int = SMALLEST
) -> list[PetitionEvent]:
    if isinstance(command, StartPetition):
        return [command.started] if petition.life == "unknown" else []
    if petition.life == "unknown":
        raise NoPetitionError("There is no such petition.")
    common: dict[str, Any] = {
        "petition_id": command.petition_id,
        "place": petition.place,
        "at": command.at,
    }
    match command:
        case SignPetition():
            events = _signed(command, petition, common)
        case WithdrawSignature(by=by):
            events = _withdrawn(by, petition, common)
        case AnswerPetition(by=by, words=words):
            return _answered(by, words, petition, common)
        case HidePetition(by=by, reason=reason):
            hidden = PetitionHidden(**common, by=by, reason=reason)
            return [] if petition.hidden_for else [hidden]
        case NoteOwed(due_at=due_at):
            is_owed = petition.reached and petition.due_at is None
            return [AnswerOwed(**common, due_at=due_at)] if is_owed else []
        case ForgetStarter():
            forgotten = StarterForgotten(**common, member_id=petition.starter)
            return [] if petition.forgotten else [forgotten]
        case EndPetition(at=at):
            is_over = petition.life == "open" and not petition.reached and at > petition.until
            return [PetitionLapsed(**common)] if is_over else []
    return _with_its_size(events, petition, common, smallest)


def _signed(
    command: SignPetition, petition: Petition, common: dict[str, Any]
) -> list[PetitionEvent]:
    """Who was not known there before gains it nothing, however many they are."""
    if command.by in petition.signers:
        return []
    _require_open(petition, command.at)
    if not is_within(command.home, petition.place):
        raise NotOfThePlaceError("That is for those who live there.")
    if command.known_since > petition.known_since:
        raise NewcomerError("Whoever was not known there before it began can't sign.")
    if len(petition.signers) >= MOST_SIGNERS:
        raise FullError("So many are enough for one petition.")
    signed = PetitionSigned(**common, member_id=command.by)
    if petition.reached or len(petition.signers) + 1 < petition.needs:
        return [signed]
    return [
        signed,
        PetitionReached(
            **common,
            sector=petition.sector,
            owner=petition.owner,
            task=petition.task,
            answer_days=petition.answer_days,
        ),
    ]


def _withdrawn(by: str, petition: Petition, common: dict[str, Any]) -> list[PetitionEvent]:
    if by not in petition.signers:
        return []
    _require_open(petition, common["at"])
    return [SignatureWithdrawn(**common, member_id=by)]


def _require_open(petition: Petition, at: datetime) -> None:
    """Once it is reached it is open until it is answered."""
    if petition.life == "answered":
        raise AnsweredError("It is answered.")
    if petition.life == "lapsed" or (not petition.reached and at > petition.until):
        raise LapsedError("Its term is over.")


def _answered(
    by: str, words: str, petition: Petition, common: dict[str, Any]
) -> list[PetitionEvent]:
    if words in petition.answers:
        return []
    if not petition.reached:
        raise NotReachedError("No answer is owed yet.")
    if len(petition.answers) >= MOST_ANSWERS:
        raise TooManyAnswersError("So many answers are enough.")
    return [PetitionAnswered(**common, by=by, words=words)]


def _with_its_size(
    events: list[PetitionEvent], petition: Petition, common: dict[str, Any], smallest: int
) -> list[PetitionEvent]:
    after = reduce(evolve, events, petition)
    step = step_of(len(after.signers), after.counted, smallest)
    if not events or step == petition.counted:
        return events
    return [*events, PetitionCounted(**common, at_least=step)]


# --- Evolve ---------------------------------------------------------------


def evolve(petition: Petition, event: PetitionEvent) -> Petition:
    match event:
        case PetitionStarted():
            return Petition(
                life="open",
                place=event.place,
                sector=event.sector,
                starter=event.by,
                society=event.society,
                words=event.words,
                started_at=event.at,
                needs=event.needs,
                until=event.until,
                known_since=event.known_since,
                owner=event.owner,
                task=event.task,
                answer_days=event.answer_days,
            )
        case PetitionSigned(member_id=who):
            return replace(petition, signers=petition.signers.insert(who))
        case SignatureWithdrawn(member_id=who):
            return replace(petition, signers=petition.signers.discard(who))
        case PetitionCounted(at_least=at_least):
            return replace(petition, counted=at_least)
        case PetitionReached():
            return replace(petition, reached=True)
        case AnswerOwed(due_at=due_at):
            return replace(petition, due_at=due_at)
        case PetitionAnswered(words=words):
            return replace(petition, life="answered", answers=(*petition.answers, words))
        case PetitionLapsed():
            return replace(petition, life="lapsed")
        case PetitionHidden(reason=reason):
            return replace(petition, hidden_for=reason)
        case StarterForgotten():
            return replace(petition, forgotten=True)
        case _:
            return petition


def with_figures_from(smallest: int) -> Category:
    """`smallest` is the charter's; what happened folds the same with any."""
    return Category(
        service="promotion",
        name="petition",
        decider=Decider[PetitionCommand, PetitionEvent, Petition](
            initial_state=Petition(), decide=partial(decide, smallest=smallest), evolve=evolve
        ),
        commands=(),
        inner=(
            *(StartPetition, SignPetition, WithdrawSignature, AnswerPetition, HidePetition),
            *(NoteOwed, ForgetStarter, EndPetition),
        ),
        key="petition_id",
        kept=Kept(dump, load),
    )


category = with_figures_from(SMALLEST)
