"""A claim of done from the draw to what its check makes of the verdict."""

import pytest
from checked import DUE, OPENED, Checked, member

from services.intake.domain.check import OpenCheck
from services.intake.domain.checking import (
    AcceptChecking,
    AppealVerdict,
    DeclineChecking,
    NotAskedError,
    TooLateError,
)
from services.intake.domain.finding import FoundBeforeError, NotAcceptedError
from services.intake.domain.report import FileReport
from services.intake.domain.shield import ShieldCheck
from services.intake.domain.withdrawal import WithdrawCheck
from services.intake.projections import checks
from shared.contracts.check import CheckOpened, CheckOverdue
from shared.contracts.checking import (
    CheckDisputed,
    CheckerCredited,
    CheckerLapsed,
    CheckersDrawn,
    CheckHalved,
    CheckingAsked,
    CheckingClosed,
    ClaimRefuted,
    ClaimUnchecked,
    ClaimUpheld,
    FindingConflicted,
    VerdictReached,
)
from shared.testing.examples import CHECK_ID, DAY, MONDAY, REPORT_FILED, varied


async def begun(people: int = 8) -> Checked:
    """One day in, done is claimed."""
    world = Checked()
    await world.begin(people)
    await world.days(1)
    await world.claim()
    await world.settle()
    return world


async def test_a_claim_has_as_many_drawn_as_have_to_agree() -> None:
    world = await begun()
    (drawn,) = world.events(CheckersDrawn)
    assert (len(drawn.drawn), drawn.missing, drawn.widened) == (2, 0, 0)
    assert set(drawn.drawn) < set(drawn.candidates) == {member(n) for n in range(1, 9)}


async def test_a_charter_that_says_nothing_of_it_takes_a_claim_as_it_is() -> None:
    world = Checked(terms=None)
    await world.begin(8)
    await world.claim()
    await world.settle()
    assert world.events(CheckingAsked) == []
    assert world.row["state"] == "done"


async def test_what_is_not_public_is_shown_to_no_checker() -> None:
    for hidden in ({"passed": False}, {"confidential": True}):
        world = Checked()
        await world.ready(1)
        await world.do(OpenCheck(varied(OPENED, **hidden)))
        await world.claim()
        await world.settle()
        assert world.events(CheckingAsked) == []


async def test_two_who_find_it_done_uphold_the_claim_and_are_credited_once_that_is_final() -> None:
    world = await begun()
    await world.answer(lambda _: "done")
    await world.settle()
    (upheld,) = world.events(ClaimUpheld)
    assert (upheld.late, world.row["state"]) == (False, "done")
    assert world.events(CheckerCredited) == []
    await world.days(15)
    assert {each.member_id for each in world.events(CheckerCredited)} == set(world.drawn())
    assert world.row["state"] == "done"


async def test_two_who_find_it_undone_set_the_clock_going_again() -> None:
    world = await begun()
    await world.answer(lambda _: "not done")
    await world.settle()
    assert (world.row["state"], world.row["done_at"]) == ("open", None)
    world.now = DUE
    await world.settle()
    assert world.row["state"] == "overdue"
    assert len(world.events(CheckOverdue)) == 1


async def test_a_later_claim_is_about_no_moment_before_the_verdict() -> None:
    world = Checked()
    await world.begin(8)
    world.now = DUE + DAY
    await world.claim()
    await world.settle()
    await world.answer(lambda _: "not done")
    await world.settle()
    await world.claim(done_at=DUE - DAY)
    await world.settle()
    await world.answer(lambda _: "done")
    await world.settle()
    assert world.row["state"] == "done late"
    assert world.row["withdrawn_known_at"] is None


async def test_who_declines_or_is_silent_gives_way_to_the_next_of_the_lot() -> None:
    world = await begun()
    first, second = world.drawn()
    checking_id = world.checking["checking_id"]
    await world.do(DeclineChecking(checking_id, first, world.now))
    await world.settle()
    assert len(world.drawn()) == 3
    await world.days(4)
    lapsed = world.events(CheckerLapsed)
    assert {each.member_id for each in lapsed} == {second, world.drawn()[2]}
    assert {each.lapse for each in lapsed} == {"no answer"}
    assert len(set(world.drawn())) == 5
    late = await world.do(AcceptChecking(checking_id, second, world.now))
    assert isinstance(late.error, TooLateError)


async def test_who_accepts_and_finds_nothing_gives_way_too() -> None:
    world = await begun()
    first, _ = world.drawn()
    await world.do(AcceptChecking(world.checking["checking_id"], first, world.now))
    await world.days(8)
    lapses = {each.member_id: each.lapse for each in world.events(CheckerLapsed)}
    assert lapses[first] == "no finding"


async def test_findings_that_contradict_each_other_are_a_dispute_and_draw_more() -> None:
    world = await begun()
    first, second = world.drawn()
    await world.answer(lambda who: "done" if who == first else "not done")
    await world.settle()
    assert len(world.events(CheckDisputed)) == 1
    assert world.checking["state"] == "disputed"
    assert len(world.drawn()) == 3
    await world.answer(lambda _: "not done")
    await world.days(15)
    (refuted,) = world.events(ClaimRefuted)
    assert refuted.verdict == "not done"
    credited = {each.member_id for each in world.events(CheckerCredited)}
    assert credited == {second, world.drawn()[2]}


async def test_half_done_keeps_the_rest_open_with_its_own_date() -> None:
    world = await begun()
    await world.answer(lambda _: "half done")
    await world.days(15)
    (halved,) = world.events(CheckHalved)
    rest = [each for each in world.events(CheckOpened) if each.check_id != CHECK_ID]
    assert [each.check_id for each in rest] == [halved.rest_id]
    (closed,) = world.events(CheckingClosed)
    assert rest[0].due_at == closed.rest_due_at > closed.closed_at
    assert (rest[0].owner, rest[0].task) == (OPENED.owner, OPENED.task)
    assert world.rows_by_key(checks.read_model)[halved.rest_id]["state"] in ("open", "overdue")


@pytest.mark.parametrize(
    "hide",
    [
        ShieldCheck(CHECK_ID, MONDAY),
        WithdrawCheck(CHECK_ID, "editor", "It names somebody", MONDAY),
    ],
)
async def test_what_is_not_public_any_more_leaves_a_rest_that_is_not_either(hide: object) -> None:
    world = await begun()
    assert not (await world.do(hide)).error
    await world.answer(lambda _: "half done")
    await world.days(15)
    rest = [each for each in world.events(CheckOpened) if each.check_id != CHECK_ID]
    assert [each.confidential for each in rest] == [True]
    assert world.events(CheckingAsked)[0].confidential is False, "it was public when it was claimed"


async def test_a_rest_is_of_the_same_report_so_its_shield_is_that_of_the_report() -> None:
    world = Checked()
    for number in range(1, 9):
        await world.ready(number)
    await world.do(FileReport(REPORT_FILED))
    await world.do(OpenCheck(varied(OPENED, report_id=REPORT_FILED.report_id)))
    await world.days(1)
    await world.claim()
    await world.settle()
    await world.answer(lambda _: "half done")
    await world.days(15)
    rest = [each for each in world.events(CheckOpened) if each.check_id != CHECK_ID]
    assert [each.report_id for each in rest] == [REPORT_FILED.report_id]


async def test_half_done_by_a_date_that_passes_is_overdue_all_the_same() -> None:
    world = await begun()
    await world.answer(lambda _: "half done")
    await world.days(15)
    assert world.now > DUE
    assert len([e for e in world.events(CheckOverdue) if e.check_id == CHECK_ID]) == 1


async def test_a_finding_on_an_old_state_is_kept_as_a_conflict() -> None:
    """A phone was offline while two others settled it."""
    world = await begun()
    first, second = world.drawn()
    checking_id = world.checking["checking_id"]
    await world.do(AcceptChecking(checking_id, first, world.now))
    await world.do(AcceptChecking(checking_id, second, world.now))
    await world.days(8)
    await world.answer(lambda _: "done")
    await world.settle()
    assert world.events(VerdictReached)
    for _ in range(2):
        assert (await world.find(checking_id, first, "not done", rests_on=1)).error is None
    (conflict,) = world.events(FindingConflicted)
    assert (conflict.rests_on, conflict.stands_at) == (1, 2)
    row = next(each for each in world.seats() if each["member_id"] == first)
    assert (row["state"], row["verdict"]) == ("conflict", "not done")


async def test_who_was_not_drawn_learns_nothing_and_who_has_not_accepted_finds_nothing() -> None:
    world = await begun()
    checking_id, (first, second) = world.checking["checking_id"], world.drawn()
    stranger = next(member(n) for n in range(1, 9) if member(n) not in (first, second))
    for unknown in (checking_id, "f" * 32):
        outcome = await world.find(unknown, stranger, "done", 1)
        assert isinstance(outcome.error, NotAskedError)
    assert isinstance((await world.find(checking_id, first, "done", 1)).error, NotAcceptedError)


async def test_a_finding_is_given_once() -> None:
    world = await begun()
    checking_id, (first, _) = world.checking["checking_id"], world.drawn()
    await world.do(AcceptChecking(checking_id, first, world.now))
    await world.find(checking_id, first, "done", 1)
    again = await world.find(checking_id, first, "done", 1)
    assert (again.error, again.new_events) == (None, 0)
    other = await world.find(checking_id, first, "not done", 1)
    assert isinstance(other.error, FoundBeforeError)


async def test_where_nobody_from_elsewhere_was_ready_before_the_claim_the_verdict_stands() -> None:
    world = await begun()
    for number in range(20, 26):
        await world.ready(number, place="us.ma.cambridge")
    await world.answer(lambda _: "not done")
    await world.settle()
    checking_id = world.checking["checking_id"]
    appeal = AppealVerdict(checking_id, "owner", "They looked at another lamp", world.now)
    await world.do(appeal)
    await world.settle()
    assert (world.checking["state"], world.checking["verdict"]) == ("final", "not done")
    assert set(world.drawn()) <= {member(number) for number in range(1, 9)}


async def test_an_appeal_is_decided_by_those_from_elsewhere_who_were_ready_before() -> None:
    world = Checked()
    for number in range(20, 26):
        await world.ready(number, place="us.ma.cambridge")
    await world.begin(8)
    await world.days(1)
    await world.claim()
    await world.settle()
    locals_ = set(world.drawn())
    await world.answer(lambda _: "not done")
    await world.settle()
    ids = world.checking["checking_id"]
    for by in ("owner", "reporter"):
        await world.do(AppealVerdict(ids, by, "They looked at another lamp", world.now))  # type: ignore[arg-type]
    await world.settle()
    assert set(world.drawn()) - locals_ <= {member(n) for n in range(20, 26)}
    await world.answer(lambda _: "done")
    await world.settle()
    assert (world.row["state"], world.checking["state"]) == ("done", "final")
    credited = {each.member_id for each in world.events(CheckerCredited)}
    assert credited == set(world.drawn()) - locals_


async def test_after_the_time_for_it_nobody_appeals() -> None:
    world = await begun()
    await world.answer(lambda _: "not done")
    await world.days(15)
    late = AppealVerdict(world.checking["checking_id"], "owner", "Too late", world.now)
    assert isinstance((await world.do(late)).error, TooLateError)


async def test_where_nobody_may_be_drawn_the_claim_stays_as_it_is_and_that_is_said() -> None:
    world = await begun(people=0)
    (drawn,) = world.events(CheckersDrawn)
    assert (drawn.drawn, drawn.missing, drawn.drawn_at_place) == ((), 2, "everywhere")
    (verdict,) = world.events(VerdictReached)
    assert (verdict.verdict, verdict.undecided) == ("cannot tell", True)
    assert world.row["state"] == "done"
    (unchecked,) = world.events(ClaimUnchecked)
    assert unchecked.done_at == world.row["done_at"]
    assert world.events(ClaimUpheld) == []
    appeal = AppealVerdict(world.checking["checking_id"], "reporter", "Look", world.now)
    assert (await world.do(appeal)).error is None
    await world.settle()
    assert len(world.events(ClaimUnchecked)) == 1, "said once"


async def test_what_one_saw_undone_and_nobody_else_looked_at_is_not_done() -> None:
    world = await begun(people=1)
    await world.answer(lambda _: "not done")
    await world.settle()
    assert world.row["state"] == "open"


async def test_every_event_once_more_changes_nothing_and_neither_does_a_restart() -> None:
    world = await begun()
    world.restart()
    await world.answer(lambda _: "half done")
    await world.days(15)
    before = len(world.log)
    world.restart()
    for index in range(before):
        await world.repeat(index)
    await world.sweep()
    assert len(world.log) == before
    assert world.now > MONDAY
