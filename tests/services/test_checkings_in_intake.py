"""Checkings in intake in small: a log in memory, rows in a database, a calendar that is swept."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select

from services.intake.app import REACTIONS, READ_MODELS, by_charter, calendar
from services.intake.appeals_heard import AppealsHeard
from services.intake.domain.appeal import AskForAppeal
from services.intake.domain.check import OpenCheck
from services.intake.domain.checker import StandReady, StepBack
from services.intake.domain.checking import AcceptChecking
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.finding import GiveFinding
from services.intake.domain.report import FileReport
from services.intake.domain.shield import ShieldCheck
from services.intake.domain.withdrawal import WithdrawCheck
from services.intake.projections import checkers, checkings, checks, filed_by, seats
from services.intake.projections.checkings_due import CheckingsDue
from services.intake.projections.of_checker import of_checker
from shared.contracts.check import CheckOverdue
from shared.contracts.checking import (
    AppealMade,
    CheckerCredited,
    CheckerLapsed,
    CheckerReady,
    CheckersDrawn,
    CheckingClosed,
    CheckingTerms,
    ClaimRefuted,
    ClaimUpheld,
    FindingGiven,
    Verdict,
    VerdictReached,
)
from shared.contracts.event import Event
from shared.contracts.party import NO_PARTIES, Parties, Party
from shared.contracts.person import PersonErased
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.projections.serving import row_of
from shared.eventsourcing.timers.sweep import Sweep
from shared.runtime.clock import Clock
from shared.testing.examples import (
    CHECK_ID,
    CHECK_OPENED,
    CHECKING_OPENED,
    DAY,
    MEMBER_QUALIFIED,
    MONDAY,
    REPORT_FILED,
    REPORT_ID,
    ROXBURY,
    recorded,
    varied,
)

DUE = CHECK_OPENED.due_at
PEOPLE = [f"{number:032x}" for number in range(1, 8)]
OWN = {each.name: each for each in REACTIONS if each.stream == "INTAKE"}
(CHECKERS,) = [each for each in REACTIONS if each.name == "checkers"]


class Intake:
    def __init__(
        self,
        engine: Engine,
        terms: CheckingTerms | None = CheckingTerms(),  # noqa: B008
        parties: Parties = NO_PARTIES,
    ) -> None:
        self.engine = engine
        self.store = InMemoryEventStore()
        self.clock = Clock(MONDAY, speed=0)
        self.handler = CommandHandler(self.store, by_charter(terms), self.clock.now)
        prepare(engine, READ_MODELS)
        self.projector = Projector(engine, READ_MODELS)
        self.decided = datetime.max.replace(tzinfo=UTC)
        heard = AppealsHeard(self.store, self._decided)
        dates = calendar(engine, parties=parties, may_close=heard)
        self.sweep = Sweep(dates, self.handler, self.clock.now)
        self.position = self.said = 0

    async def _decided(self, moment: datetime) -> bool:
        return moment < self.decided

    @property
    def log(self) -> list[RecordedEvent]:
        return self.store.streams.get("INTAKE", [])

    def told(self, kind: type[Event]) -> list[Any]:
        return [each.event for each in self.log if isinstance(each.event, kind)]

    async def do(self, command: object) -> None:
        self.said += 1
        for _ in range(2):
            (outcome,) = await self.handler.handle([Envelope(command, id=f"said {self.said}")])
            assert outcome.error is None

    async def qualifies(self, who: str, number: int) -> None:
        """As PROMOTION tells it, twice."""
        event = recorded(varied(MEMBER_QUALIFIED, member_id=who, place=ROXBURY), number)
        for _ in range(2):
            await self.handler.handle(CHECKERS.ask(event))

    async def goes_on(self, days: float = 0) -> None:
        """Reactions twice, rows, and what falls due; until all is quiet."""
        self.clock.jump(self.clock.now() + days * DAY)
        while True:
            before = len(self.log)
            for each in self.log[self.position :]:
                for reaction in OWN.values():
                    if isinstance(each.event, reaction.handles):
                        for _ in range(2):
                            await self.handler.handle(reaction.ask(each))
            self.position = before
            begun = self.projector.begin()
            if len(self.log) > begun:
                self.projector.write(self.log[begun:], len(self.log))
            self.clock.jump(self.clock.now() + DAY / 86_400)
            await self.sweep()
            if len(self.log) == before:
                return

    async def claimed(
        self, *, by: list[str] = PEOPLE, ties: Mapping[str, tuple[str, ...]] = {}
    ) -> None:
        for number, who in enumerate(by, start=1):
            await self.qualifies(who, number)
            ready = {"ties": ties.get(who, ()), "societies": (), "ready_at": MONDAY}
            await self.do(StandReady(CheckerReady(member_id=who, place=ROXBURY, **ready)))
        filed = varied(REPORT_FILED, correspondent=PEOPLE[0], protected=True)
        await self.do(FileReport(filed))
        await self.do(OpenCheck(varied(CHECK_OPENED, passed=True)))
        await self.goes_on(1)
        now = self.clock.now()
        await self.do(ClaimDone(CHECK_ID, CHECK_OPENED.owner, now, now))
        await self.goes_on()

    async def all_find(self, verdict: Verdict) -> None:
        now = self.clock.now()
        for drawn in self.told(CheckersDrawn):
            for who in drawn.drawn:
                await self.do(AcceptChecking(drawn.checking_id, who, now))
                seen = "So it is", ROXBURY, now, 1, now
                await self.do(GiveFinding(drawn.checking_id, who, verdict, *seen))
        await self.goes_on()

    def state(self) -> str:
        with self.engine.connect() as connection:
            row = row_of(connection, checks.read_model, CHECK_ID)
        return str(row["state"]) if row else ""


async def test_from_a_claim_to_credits_over_rows_and_the_calendar(database: Engine) -> None:
    intake = Intake(database)
    await intake.claimed()
    (drawn,) = intake.told(CheckersDrawn)
    assert set(drawn.candidates) == set(PEOPLE[1:]), "who reported it does not check it"
    assert drawn.as_of >= 1
    await intake.all_find("done")
    assert len(intake.told(ClaimUpheld)) == 1
    with database.connect() as connection:
        (seat,) = seats.of_member(connection, drawn.drawn[0])
        shown = of_checker(connection, PEOPLE[0])
    assert (seat["state"], seat["about"]["verdict"]) == ("found", "done")
    assert [row["report_id"] for row in shown.reported] == [REPORT_ID]
    await intake.goes_on(15)
    assert len(intake.told(CheckingClosed)) == 1
    assert {each.member_id for each in intake.told(CheckerCredited)} == set(drawn.drawn)
    assert intake.state() == "done"


async def test_what_is_refuted_before_it_is_due_is_raised_once_that_day_has_passed(
    database: Engine,
) -> None:
    intake = Intake(database)
    await intake.claimed()
    await intake.all_find("not done")
    assert len(intake.told(ClaimRefuted)) == 1
    assert intake.state() == "open"
    await intake.goes_on(20)
    assert intake.state() == "overdue"
    assert len(intake.told(CheckOverdue)) == 1


async def test_a_verdict_is_not_final_before_all_that_came_in_time_was_heard(
    database: Engine,
) -> None:
    """The inbox stood still over the end; what it holds is taken in a month later."""
    intake = Intake(database)
    await intake.claimed()
    await intake.all_find("not done")
    intake.decided = in_time = intake.clock.now()
    await intake.goes_on(40)
    assert intake.told(CheckingClosed) == []
    now = intake.clock.now()
    owner, why = CHECK_OPENED.owner, "They looked at another lamp"
    await intake.do(AskForAppeal(CHECK_ID, owner, why, now, came_at=in_time))
    intake.decided = now
    await intake.sweep()
    assert intake.told(CheckingClosed) == [], "the process has yet to tell the checking"
    await intake.goes_on()
    (made,) = intake.told(AppealMade)
    assert made.appealed_at == in_time
    await intake.goes_on(40)
    assert len(intake.told(CheckingClosed)) == 1


async def test_what_nobody_appealed_against_is_final_once_that_is_known(database: Engine) -> None:
    intake = Intake(database)
    await intake.claimed()
    await intake.all_find("done")
    intake.decided = intake.clock.now()
    await intake.goes_on(40)
    assert intake.told(CheckingClosed) == []
    intake.decided = intake.clock.now()
    await intake.goes_on()
    assert len(intake.told(CheckingClosed)) == 1


async def test_who_is_silent_is_replaced_until_nobody_is_left(database: Engine) -> None:
    intake = Intake(database)
    await intake.claimed()
    for _ in range(5):
        await intake.goes_on(4)
    drawn = [who for each in intake.told(CheckersDrawn) for who in each.drawn]
    assert sorted(drawn) == sorted(set(drawn)) == PEOPLE[1:]
    assert intake.told(CheckersDrawn)[-1].missing > 0
    assert intake.state() == "done", "nobody saw it undone; the claim stays as it is"


@pytest.mark.parametrize("how", ["steps back", "is erased"])
async def test_who_is_gone_is_not_drawn(database: Engine, how: str) -> None:
    from services.intake.domain.person import ErasePerson  # noqa: PLC0415

    intake = Intake(database)
    gone = PEOPLE[1]
    await intake.qualifies(gone, 1)
    ready = {"ties": (), "societies": (), "ready_at": MONDAY}
    await intake.do(StandReady(CheckerReady(member_id=gone, place=ROXBURY, **ready)))
    if how == "steps back":
        await intake.do(StepBack(gone, MONDAY))
    else:
        erased = {"reason": "asked for", "erased_at": MONDAY}
        await intake.do(ErasePerson(PersonErased(person_id=gone, **erased)))
    await intake.claimed(by=PEOPLE[2:])
    assert gone not in intake.told(CheckersDrawn)[0].candidates


async def test_of_who_is_erased_no_row_of_seats_is_left(database: Engine) -> None:
    """Also once their time to answer has passed."""
    from services.intake.domain.person import ErasePerson  # noqa: PLC0415

    intake = Intake(database)
    await intake.claimed()
    gone, stays = intake.told(CheckersDrawn)[0].drawn
    erased = {"reason": "asked for", "erased_at": intake.clock.now()}
    await intake.do(ErasePerson(PersonErased(person_id=gone, **erased)))
    for days in (0, 9):
        await intake.goes_on(days)
        with database.connect() as connection:
            assert seats.of_member(connection, gone) == []
            assert seats.of_member(connection, stays) != []
            ids = select(seats.seats.c.member_id)
            assert gone not in set(connection.execute(ids).scalars())
    assert gone in {each.member_id for each in intake.told(CheckerLapsed)}


async def test_under_a_charter_that_says_nothing_nothing_of_it_is_in_the_log(
    database: Engine,
) -> None:
    intake = Intake(database, terms=None)
    await intake.claimed()
    await intake.goes_on(30)
    names = {type(each.event).__name__ for each in intake.log}
    assert names == {"CheckerReady", "ReportFiled", "CheckOpened", "DoneClaimed"}


async def test_nobody_is_drawn_before_the_rows_hold_who_may_be(database: Engine) -> None:
    """Whom they lack would have missed it for good, and it might end with nobody."""
    prepare(database, READ_MODELS)
    dues, later = CheckingsDue(database), CHECKING_OPENED.opened_at + DAY
    for models, found in (
        ((checkings.read_model, filed_by.read_model), 0),
        ((checkers.read_model,), 0),
        ((checks.read_model,), 1),
    ):
        rows = Projector(database, models)
        rows.begin()
        rows.write([recorded(CHECKING_OPENED, 7)], 7)
        assert len(await dues.page(later, None)) == found
        assert bool(await dues.position()) == bool(found)


@pytest.mark.parametrize("how", ["withdrawn", "shielded"])
async def test_what_is_not_public_any_more_no_checker_sees(database: Engine, how: str) -> None:
    intake = Intake(database)
    await intake.claimed()
    (who, *_) = intake.told(CheckersDrawn)[0].drawn
    with database.connect() as connection:
        assert seats.of_member(connection, who)[0]["about"]["task"] == CHECK_OPENED.task
    now = intake.clock.now()
    taken_back = {
        "withdrawn": WithdrawCheck(CHECK_ID, "editor", "It names somebody", now),
        "shielded": ShieldCheck(CHECK_ID, now),
    }
    await intake.do(taken_back[how])
    await intake.goes_on()
    with database.connect() as connection:
        assert seats.of_member(connection, who)[0]["about"] is None
    await intake.goes_on(8)
    assert len(intake.told(CheckersDrawn)) == 1, "nobody is asked for what they may not see"
    assert {each.member_id for each in intake.told(CheckerLapsed)} == {
        *intake.told(CheckersDrawn)[0].drawn
    }
    (verdict,) = intake.told(VerdictReached)
    assert (verdict.verdict, verdict.undecided) == ("cannot tell", True)
    await intake.goes_on(30)
    assert len(intake.told(CheckingClosed)) == 1
    assert intake.told(ClaimRefuted) == []


@pytest.mark.parametrize("tie", ["Dept.  of public works", "PWD", "The mayor"])
async def test_who_is_close_to_the_owner_by_any_name_or_to_a_unit_above_is_not_drawn(
    database: Engine, tie: str
) -> None:
    mayor = Party("mayor", "The Mayor")
    works = Party("pwd", CHECK_OPENED.owner, ("Dept. of Public Works", "PWD"), above="mayor")
    intake = Intake(database, parties=Parties((mayor, works)))
    await intake.claimed(ties={PEOPLE[1]: (tie,)})
    (drawn,) = intake.told(CheckersDrawn)
    assert set(drawn.candidates) == set(PEOPLE[2:])


async def test_what_is_claimed_in_one_hour_does_not_draw_one_person_more_often_than_may_be(
    database: Engine,
) -> None:
    """Five claims, four people: one has two seats at the same time where they may be drawn twice,
    and finds in both; once they were, the lot goes on without them."""
    terms = CheckingTerms(often=2, candidates=2)
    intake = Intake(database, terms)
    await intake.claimed(by=PEOPLE[:4])
    for number in range(4):
        check_id = f"{number + 100:032x}"
        source_id = str(number)
        opened = varied(
            CHECK_OPENED, check_id=check_id, source_id=source_id, passed=True, report_id=None
        )
        await intake.do(OpenCheck(opened))
        now = intake.clock.now()
        await intake.do(ClaimDone(check_id, CHECK_OPENED.owner, now, now))
    await intake.goes_on()
    drawn = intake.told(CheckersDrawn)
    times = Counter(who for each in drawn for who in each.drawn)
    assert max(times.values()) == 2, "no more than the charter says"
    assert sum(times.values()) + sum(each.missing for each in drawn) == 10
    assert sum(each.missing for each in drawn) == 2, "four people, twice each"
    twice = next(who for who, number in times.items() if number == 2)
    now = intake.clock.now()
    for each in drawn:
        if twice in each.drawn:
            await intake.do(AcceptChecking(each.checking_id, twice, now))
            seen = "So it is", ROXBURY, now, 1, now
            await intake.do(GiveFinding(each.checking_id, twice, "done", *seen))
    found = [each.checking_id for each in intake.told(FindingGiven) if each.member_id == twice]
    assert len(found) == len(set(found)) == 2


async def test_nobody_is_drawn_anew_before_the_rows_hold_whom_the_last_lot_drew(
    database: Engine,
) -> None:
    """The sweep says that it is not whole, and the next one goes on."""
    intake = Intake(database)
    await intake.claimed(by=PEOPLE[:4])
    dues = CheckingsDue(database)
    dues.told(len(intake.log) + 1)
    later = intake.clock.now() + 10 * DAY
    assert await dues.page(later, None) == []
    assert dues.lags
    dues.led_to = len(intake.log)
    assert len(await dues.page(later, None)) == 1
    assert not dues.lags
