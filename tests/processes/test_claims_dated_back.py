"""What is claimed only after the due date for a day before it takes nothing back before it is
upheld, and tiers stand where they would without it."""

from datetime import datetime

import pytest
from checked import DUE, OPENED, TERMS, Checked

from services.intake.domain.check import OpenCheck
from services.intake.domain.checking import AppealVerdict
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.clock import PassUp
from services.intake.projections import claims, lateness
from shared.contracts.check import CheckOpened, CheckOverdue, DoneClaimed, OverdueWithdrawn
from shared.contracts.checking import (
    CheckingOpened,
    CheckingTerms,
    ClaimRefuted,
    ClaimUpheld,
    Verdict,
)
from shared.testing.examples import CHECK_ID, DAY, varied

BEFORE = DUE - DAY


async def late(people: int = 8, tier: int = 1) -> Checked:
    """Raised up to a tier, and a claim of the day before it was due."""
    world = Checked()
    for number in range(20, 26):
        await world.ready(number, place="us.ma.cambridge")
    await world.begin(people)
    world.now = DUE
    await world.settle()
    await passed_up(world, tier)
    await world.claim(done_at=BEFORE)
    await world.settle()
    return world


async def passed_up(world: Checked, tier: int) -> None:
    for each in range(2, tier + 1):
        await world.days(each)
        since = DUE + DAY
        await world.do(PassUp(CHECK_ID, DUE, each, "The mayor", since, world.now))


async def found(world: Checked, verdict: Verdict) -> None:
    await world.answer(lambda _: verdict)
    await world.settle()


async def appealed(world: Checked) -> None:
    ids = world.checking["checking_id"]
    await world.do(AppealVerdict(ids, "reporter", "They looked at another lamp", world.now))
    await world.settle()


def tiers(world: Checked) -> list[int]:
    return [each.tier for each in world.events(CheckOverdue)]


def row_of(world: Checked) -> dict[str, object]:
    return world.rows_by_key(lateness.read_model)[CHECK_ID]


async def test_until_it_is_upheld_it_is_late_and_done_as_of_when_it_was_said() -> None:
    world = await late()
    (claimed,) = world.events(DoneClaimed)
    assert claimed.late
    assert claimed.done_at > DUE
    assert (claimed.said_at, world.events(OverdueWithdrawn)) == (BEFORE, [])
    (asked,) = world.events(CheckingOpened)
    assert asked.claimed_at == BEFORE, "checkers are told what its owner says"
    assert (world.row["state"], world.row["withdrawn_known_at"]) == ("done late", None)
    await found(world, "done")
    (upheld,) = world.events(ClaimUpheld)
    assert (upheld.done_at, upheld.late) == (BEFORE, False)
    assert len(world.events(OverdueWithdrawn)) == 1
    assert (world.row["state"], world.row["done_at"]) == ("done", BEFORE)


async def test_where_nobody_looked_yet_the_date_has_passed_all_the_same() -> None:
    """The sweep did not come before the claim."""
    world = Checked()
    await world.begin(8)
    world.now = DUE + DAY / 2
    await world.claim(done_at=BEFORE)
    assert [type(each.event) for each in world.log[-3:-1]] == [CheckOverdue, DoneClaimed]


async def test_what_was_said_in_time_is_in_time_though_the_inbox_stood_still() -> None:
    """It lay in the stream before the due date, and a sweep came first."""
    world = Checked()
    await world.begin(8)
    world.now = DUE
    await world.settle()
    came_at = DUE - DAY / 2
    world.now = DUE + DAY / 2
    owner = world.events(CheckOpened)[0].owner
    await world.do(ClaimDone(CHECK_ID, owner, BEFORE, world.now, came_at=came_at))
    (claimed,) = world.events(DoneClaimed)
    assert (claimed.done_at, claimed.said_at, claimed.late) == (BEFORE, None, False)
    assert len(world.events(OverdueWithdrawn)) == len(world.events(CheckOverdue))


async def test_refuted_it_is_late_as_it_was() -> None:
    world = await late()
    before = row_of(world)
    await found(world, "not done")
    (refuted,) = world.events(ClaimRefuted)
    assert refuted.done_at == BEFORE
    assert (tiers(world), world.events(OverdueWithdrawn)) == ([1], [])
    assert row_of(world) == before | {"waits": 2}
    assert [row["refuted_known_at"] is None for row in world.rows(claims.read_model)] == [False]


@pytest.mark.parametrize("reached", [1, 2, 3])
@pytest.mark.parametrize("way", ["refuted", "refuted on appeal"])
async def test_tiers_that_were_reached_stay_and_later_ones_come_once(
    reached: int, way: str
) -> None:
    world = await late(tier=reached)
    if way == "refuted on appeal":
        await found(world, "done")
        await appealed(world)
    await found(world, "not done")
    again = [1] if way == "refuted on appeal" else []
    assert tiers(world) == [*range(1, reached + 1), *again]
    assert row_of(world)["waits"] == reached + 1
    for _ in range(2):
        await passed_up(world, 4)
    assert tiers(world) == [*range(1, reached + 1), *again, *range(reached + 1, 5)]


async def test_where_nobody_can_check_it_the_overdue_stands() -> None:
    world = Checked()
    await world.begin(0)
    world.now = DUE
    await world.settle()
    await world.claim(done_at=BEFORE)
    await world.days(60)
    assert world.events(OverdueWithdrawn) == []
    assert (world.row["state"], world.row["done_at"]) == ("done late", said(world))


def said(world: Checked) -> datetime:
    (claimed,) = world.events(DoneClaimed)
    at: datetime = claimed.done_at
    return at


@pytest.mark.parametrize(("terms", "confidential"), [(None, False), (TERMS, True)])
async def test_what_is_not_checked_takes_back_at_once(
    terms: CheckingTerms | None, *, confidential: bool
) -> None:
    """A charter without checkers, and what no checker is shown."""
    world = Checked(terms)
    await world.do(OpenCheck(varied(OPENED, confidential=confidential)))
    world.now = DUE
    await world.settle()
    await world.claim(done_at=BEFORE)
    (claimed,) = world.events(DoneClaimed)
    assert (claimed.done_at, claimed.late, claimed.said_at) == (BEFORE, False, None)
    assert len(world.events(OverdueWithdrawn)) == 1


async def test_who_colludes_with_one_checker_gains_nothing() -> None:
    world = await late()
    friend = world.drawn()[0]
    for _ in range(3):
        await world.answer(lambda who: "done" if who == friend else "not done")
        await world.settle()
    assert world.events(OverdueWithdrawn) == []
    assert world.row["state"] == "overdue"
