"""A small process: a report that nobody has settled after a week is answered, and later again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from services.intake.domain.report import AnswerReport
from shared.contracts.event import Event
from shared.contracts.member import MemberQualified
from shared.contracts.report import ReportConfirmed, ReportFiled
from shared.contracts.values import Id, Instant
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.process import Process, Wake
from shared.eventsourcing.reaction import Ask
from shared.testing.examples import DAY

WEEK = 7 * DAY
ABOUT = "silence"


class ReminderEvent(Event):
    service: ClassVar[str] = "intake"
    aggregate: ClassVar[str] = "reminders"
    key: ClassVar[str] = "report_id"

    report_id: Id


class SilenceBegan(ReminderEvent):
    until: Instant


class SilenceNoted(ReminderEvent):
    until: Instant


class SilenceEnded(ReminderEvent):
    pass


@dataclass(frozen=True)
class Watch:
    report_id: str
    place: str
    since: datetime


@dataclass(frozen=True)
class EndWatch:
    report_id: str
    place: str


@dataclass(frozen=True)
class Note:
    report_id: str
    due: datetime
    now: datetime


@dataclass(frozen=True)
class State:
    until: datetime | None = None
    place: str = ""


def decide(command: Watch | EndWatch | Note, state: State) -> list[ReminderEvent]:
    match command:
        case Watch():
            where = {"report_id": command.report_id, "place": command.place}
            return [] if state.place else [SilenceBegan(**where, until=command.since + WEEK)]  # type: ignore[arg-type]
        case EndWatch():
            return [SilenceEnded(report_id=command.report_id, place=command.place)] * bool(
                state.until
            )
        case Note():
            if state.until is None or command.due != state.until or command.now < state.until:
                return []
            until = state.until + WEEK
            return [SilenceNoted(report_id=command.report_id, place=state.place, until=until)]


def evolve(state: State, event: ReminderEvent) -> State:
    match event:
        case SilenceBegan() | SilenceNoted():
            return State(event.until, event.place)
        case _:
            return replace(state, until=None)


def take(recorded: RecordedEvent) -> Sequence[Ask]:
    match recorded.event:
        case ReportFiled() as of:
            return [Ask(Watch(of.report_id, of.place, of.filed_at))]
        case ReportConfirmed() as of:
            return [Ask(EndWatch(of.report_id, of.place))]
        case _:
            return []


def then(recorded: RecordedEvent) -> Sequence[Ask | Wake]:
    match recorded.event:
        case SilenceBegan() as of:
            return [Wake(of.until, ABOUT)]
        case SilenceNoted() as of:
            since = of.until - WEEK
            answer = AnswerReport(of.report_id, f"Nobody had looked by {since:%d %B}.", since)
            return [Ask(answer), Wake(of.until, ABOUT)]
        case _:
            return []


process = Process(
    category=Category(
        "intake",
        "reminders",
        Decider(State(), decide, evolve),
        commands=(),
        inner=(Watch, EndWatch, Note),
        key="report_id",
    ),
    inputs=(ReportFiled, ReportConfirmed, MemberQualified),
    take=take,
    events=(SilenceBegan, SilenceNoted, SilenceEnded),
    then=then,
    woken=lambda due, now: Note(due.thing, due.at, now),
)
