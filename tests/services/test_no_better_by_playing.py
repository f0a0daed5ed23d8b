"""Whoever plays with claims, halves, hands and dates looks no better than who is honestly late."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, create_engine, delete, select

from services.intake.domain.check import CheckCommand, OpenCheck, RaiseOverdue, checked_by
from services.intake.domain.check_state import Opened
from services.intake.domain.claim_checked import HalveCheck, SettleClaim
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.clock import PassUp
from services.intake.domain.due import DueRules
from services.intake.domain.handing_over import HandOverCheck
from services.intake.domain.more_time import AskForMoreTime, GrantMoreTime
from services.intake.domain.pausing import PauseCheck, ResumeCheck
from services.publishing.projections import board, kept, late, overdue
from services.publishing.public import gate
from shared.contracts.check import CheckEvent, CheckOverdue, DoneClaimed
from shared.contracts.checking import CheckHalved, CheckingTerms, ClaimRefuted, Verdict
from shared.contracts.clock import CheckPaused, DueDateMoved, MoreTimeAsked
from shared.contracts.event import Event
from shared.contracts.handing_over import CheckHandedOver
from shared.eventsourcing.errors import DomainError
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.prepare import prepare
from shared.testing.examples import CHECK_OPENED, DAY, recorded, varied

MODELS = (overdue.read_model, board.read_model, late.read_model)
decider = checked_by(CheckingTerms()).decider
to_public = gate(b"a key for tests", UTC)
OPENED = varied(CHECK_OPENED, passed=True, report_id=None, confidential=False)
A, DUE, BEGIN = OPENED.owner, OPENED.due_at, OPENED.opened_at
LONG_AFTER = DUE + 120 * DAY
OTHER = varied(OPENED, check_id="f" * 32, source_id="other")
few = settings(max_examples=max(settings().max_examples // 2, 1))
fewer = settings(max_examples=max(settings().max_examples // 4, 1))

OWN = ("refuted", "overturned", "halved", "hand over", "back", "ask")
WITH_LEAVE = (*OWN, "more time", "pause", "resume")
UNSEEN = ("claim", "unchecked")
TERMS = {2: 2 * DAY, 3: 10 * DAY}
"""How long after its due date a check goes up to a tier."""
AFTER_IT_WAS_DUE: "Move" = ("ask", 12, 0)
Move = tuple[str, int, int]
"""What, after how many days, and by how many days it is dated back or put off."""


def moves(kinds: Sequence[str]) -> st.SearchStrategy[list[Move]]:
    return st.lists(
        st.tuples(st.sampled_from(kinds), st.integers(0, 9), st.integers(0, 30)), max_size=7
    )


def at_its_time(event: Event, number: int, at: datetime) -> RecordedEvent:
    return replace(recorded(event, number), recorded_at=at)


VERDICTS: dict[str, tuple[Verdict, ...]] = {
    "refuted": ("not done",),
    "halved": ("half done",),
    "overturned": ("done", "not done"),
    "claim": (),
    "unchecked": ("cannot tell",),
}
"""Of a claim; the second is that of an appeal."""


class Played:
    """One commitment and whatever is left of it, until it is done in truth, late; or never."""

    def __init__(self, moves: Sequence[Move], done: datetime | None) -> None:
        self.now, self.log = BEGIN, list[RecordedEvent]()
        self.checks: dict[str, Any] = {}
        self.last = OPENED.check_id
        self.do(OpenCheck(OPENED))
        self.do(OpenCheck(OTHER))
        self.do(ClaimDone(OTHER.check_id, A, DUE - DAY, DUE - DAY), at=DUE - DAY)
        for what, after, days in moves:
            self.until(self.now + after * DAY)
            self.play(what, days * DAY)
        if done is not None:
            self.until(max(self.now, done))
            self.do(ClaimDone(self.last, self.owner, self.now, self.now))
        self.until(LONG_AFTER)

    def until(self, moment: datetime) -> None:
        """Whatever falls due meanwhile is raised."""
        self.now = moment
        for check_id, state in list(self.checks.items()):
            if isinstance(state, Opened):
                self.do(RaiseOverdue(check_id, state.due_at, self.now))
                for tier, term in TERMS.items():
                    up = state.due_at, tier, "Above", state.due_at + term
                    self.do(PassUp(check_id, *up, self.now))

    def play(self, what: str, days: timedelta) -> None:
        check, now, owner = self.last, self.now, self.owner
        days_given = DueRules()
        match what:
            case "refuted" | "halved" | "overturned" | "claim" | "unchecked":
                self.do(ClaimDone(check, owner, now - days, now))
                for verdict in VERDICTS[what]:
                    self.settle(verdict)
            case "hand over":
                self.do(HandOverCheck(check, owner, "Sink", "Why", now, now, told=True))
            case "back":
                self.do(HandOverCheck(check, owner, A, "Why", now, now, told=True))
            case "ask" | "more time":
                until = (self.checks[check].due_at + days).date()
                self.do(AskForMoreTime(check, owner, until, "Why", days_given, now))
                if what == "more time":
                    self.do(GrantMoreTime(check, "editor", "Why", now))
            case "pause":
                self.do(PauseCheck(check, now, "Why", now))
            case _:
                self.do(ResumeCheck(check, now, "Why", days_given, now))

    def settle(self, verdict: Any) -> None:
        check = self.last
        if (claimed_at := self.claimed_at) is None:
            return
        undecided = verdict == "cannot tell"
        settle = SettleClaim(check, "1" * 32, claimed_at, verdict, undecided, self.now)
        self.do(settle)
        if verdict == "half done":
            rest, later = f"{len(self.checks):032x}", self.now + 14 * DAY
            self.do(HalveCheck(check, "1" * 32, rest, f"rest-{rest}", later, self.now))

    def do(self, command: CheckCommand, at: datetime | None = None) -> None:
        state = self.checks.get(command.check_id, decider.initial_state)
        try:
            events = decider.decide(command, state)
        except DomainError:
            return
        for event in events:
            state = decider.evolve(state, event)
            self.log.append(at_its_time(event, len(self.log) + 1, at or self.now))
        self.checks[command.check_id] = state
        for event in events:
            if isinstance(event, CheckHalved):
                self.open_rest(event)

    def open_rest(self, halved: CheckHalved) -> None:
        self.last = halved.rest_id
        named = {"check_id": halved.rest_id, "source_id": halved.rest_source_id}
        about = {"owner": halved.owner, "due_at": halved.rest_due_at, "opened_at": halved.halved_at}
        self.do(OpenCheck(varied(OPENED, **named, **about)))

    @property
    def claimed_at(self) -> datetime | None:
        """Which claim stands."""
        check = self.checks[self.last]
        at: datetime | None = check.checked.said_at or check.done_at
        return at

    @property
    def owner(self) -> str:
        return str(self.checks[self.last].owner)

    def events(self, kind: type[Event]) -> list[Any]:
        return [each.event for each in self.log if isinstance(each.event, kind)]


class Published:
    """As the site tells it, long after: of A, of the places, and who was late when."""

    def __init__(self, played: Played) -> None:
        with _engine().begin() as connection:
            for model in MODELS:
                for table in model.tables:
                    connection.execute(delete(table))
                told = [(to_public(each.event), each.recorded_at) for each in played.log]
                public = [
                    at_its_time(event, number, at)
                    for number, (event, at) in enumerate(told, 1)
                    if event is not None
                ]
                model.write(connection, public)
            asked = kept.Asked(LONG_AFTER.date(), date(1900, 1, 1), date(2999, 1, 1))
            self.of_a = {each.of: each for each in kept.found(connection, asked)}[A]
            self.places = board.totals(board.all_places(connection))
            known = (LONG_AFTER + 2 * DAY).date()
            ends = LONG_AFTER.date(), known
            self.late, _ = late.on_day(connection, *ends, None, None, 100)
            early = (DUE + DAY).date(), known
            self.late_at_first, _ = late.on_day(connection, *early, None, None, 100)
            rows = select(overdue.overdue).where(overdue.overdue.c.withdrawn_on.is_(None))
            self.rows = list(connection.execute(rows).mappings())


_kept: list[Engine] = []


def _engine() -> Engine:
    if not _kept:
        _kept.append(create_engine("sqlite://"))
        prepare(_kept[0], MODELS)
    return _kept[0]


honestly = st.none() | st.integers(1, 40).map(lambda days: DUE + days * DAY)


def no_better(told: kept.Kept, honest: kept.Kept) -> None:
    assert told.share is not None
    assert honest.share is not None
    assert told.share <= honest.share
    assert told.in_time <= honest.in_time
    assert told.settled - told.in_time >= honest.settled - honest.in_time
    assert told.fixed is not None
    assert honest.fixed is not None
    assert told.fixed <= honest.fixed
    assert told.oldest is None or honest.oldest is None or told.oldest <= honest.oldest


@few
@given(moves(OWN), honestly)
@example([("hand over", 1, 0), ("halved", 1, 0)], None)
@example([("halved", 9, 0), ("halved", 9, 0), ("halved", 9, 0)], DUE + DAY)
def test_what_an_owner_can_do_alone_makes_no_published_figure_better(
    moves: list[Move], done: datetime | None
) -> None:
    told, honest = Published(Played(moves, done)), Published(Played([], done))
    no_better(told.of_a, honest.of_a)
    for figure in ("overdue", "still_overdue"):
        assert told.places[figure] >= honest.places[figure], figure
    assert told.places["done_in_time"] <= honest.places["done_in_time"]
    assert len(told.late) >= len(honest.late)


@few
@given(moves(WITH_LEAVE), honestly)
@example([("more time", 1, 20), ("halved", 2, 0)], DUE + 10 * DAY)
@example([("pause", 1, 0), ("hand over", 1, 0)], None)
def test_putting_off_with_leave_makes_no_figure_of_its_owner_better(
    moves: list[Move], done: datetime | None
) -> None:
    """By the day of which it was due at first: what was put off has a figure of its own."""
    told, honest = Published(Played(moves, done)), Published(Played([], done))
    no_better(told.of_a, honest.of_a)


@fewer
@given(moves((*OWN, *UNSEEN)))
@example([("claim", 0, 9)])
@example([("unchecked", 0, 9)])
def test_what_is_claimed_only_after_the_due_date_takes_nothing_back_before_it_is_upheld(
    moves: list[Move],
) -> None:
    """Whatever day it is said to have been done on, and whether anybody can look."""
    told = Published(Played([AFTER_IT_WAS_DUE, *moves], None))
    honest = Published(Played([], None))
    assert told.of_a.in_time <= honest.of_a.in_time
    assert told.places["overdue"] >= honest.places["overdue"]
    assert told.places["done_in_time"] <= honest.places["done_in_time"]
    assert len(told.late_at_first) >= len(honest.late_at_first) == 1


@fewer
@given(moves((*OWN, *UNSEEN)), honestly)
@example([("unchecked", 1, 0)], None)
def test_what_looks_better_for_nobody_looked_is_told_as_such(
    moves: list[Move], done: datetime | None
) -> None:
    told, honest = Published(Played(moves, done)).of_a, Published(Played([], done)).of_a
    nobody_looked = told.claimed - told.upheld - told.refuted
    assert told.in_time <= nobody_looked, "beside what was done in truth, of which one is"
    assert told.in_time - honest.in_time <= nobody_looked - 1


@fewer
@given(moves(("refuted", "overturned", "hand over", "back")))
@example([("overturned", 9, 9), ("overturned", 4, 9)])
@example([("overturned", 9, 0), ("refuted", 9, 20)])
def test_what_is_never_done_goes_up_as_far_as_without_any_claim(moves: list[Move]) -> None:
    """Each further tier once, and it is told to stand there."""
    played = Played(moves, None)
    of_it = [each for each in played.events(CheckOverdue) if each.check_id == OPENED.check_id]
    assert [each.tier for each in of_it if each.tier > 1] == list(TERMS)
    stands = {row["check"]: row["tier"] for row in Published(played).rows}
    public: Any = to_public(OPENED)
    assert stands[public.check] == max(TERMS)


@few
@given(moves(WITH_LEAVE))
def test_every_attempt_stands_in_the_history(moves: list[Move]) -> None:
    played = Played(moves, None)
    claims = [each for each in played.events(DoneClaimed) if each.check_id != OTHER.check_id]
    assert len(claims) == len(played.events(ClaimRefuted))
    for event in (*claims, *_played(played)):
        assert to_public(event) is not None, "and outside"


def _played(played: Played) -> list[CheckEvent]:
    kinds = (CheckHandedOver, CheckHalved, MoreTimeAsked, DueDateMoved, CheckPaused, CheckOverdue)
    return [event for kind in kinds for event in played.events(kind)]


@pytest.mark.parametrize(
    ("moves", "put_off"), [([("more time", 1, 30)], 1), ([("pause", 1, 0)], 1), ([], 0)]
)
def test_what_was_put_off_is_told_as_such(moves: list[Move], put_off: int) -> None:
    told = Published(Played(moves, DUE + 5 * DAY)).of_a
    assert (told.put_off, told.late, told.in_time) == (put_off, 1 - put_off, 1)
