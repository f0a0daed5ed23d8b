"""A claim whose words an editor passes later is checked then, by who was ready before the claim."""

from checked import DUE, OPENED, Checked, member

from services.intake.domain.check import OpenCheck
from services.intake.domain.checking_looked import LookAtChecking
from services.intake.domain.draw import Candidate, seed_of
from services.intake.domain.withdrawal import WithdrawCheck
from services.intake.domain.words import PassWords
from shared.contracts.checking import (
    CheckersDrawn,
    CheckingAsked,
    CheckingAwaited,
    CheckingBegun,
    CheckingOpened,
    ClaimRefuted,
)
from shared.testing.examples import CHECK_ID, DAY, varied


async def claimed_unread(people: int = 4) -> Checked:
    world = Checked()
    for number in range(1, people + 1):
        await world.ready(number)
    await world.do(OpenCheck(varied(OPENED, passed=False)))
    await world.days(1)
    await world.claim()
    await world.settle()
    return world


async def read(world: Checked) -> None:
    await world.do(PassWords(CHECK_ID, "editor", "It names an office", world.now))
    await world.settle()


async def test_nobody_is_drawn_before_the_words_are_passed() -> None:
    world = await claimed_unread()
    await world.days(5)
    assert world.events(CheckersDrawn) == world.events(CheckingAsked) == []
    assert world.row["state"] == "done"


async def test_once_they_are_passed_who_was_ready_before_the_claim_is_drawn() -> None:
    """Friends who were enrolled while an editor read it are no candidates."""
    world = await claimed_unread(people=3)
    await world.days(3)
    for friend in (7, 8, 9):
        await world.ready(friend)
    await read(world)
    (drawn,) = world.events(CheckersDrawn)
    assert set(drawn.candidates) == {member(1), member(2), member(3)}
    (awaited,) = [each for each in world.log if isinstance(each.event, CheckingAwaited)]
    assert drawn.seed == seed_of(awaited.id), "of the claim, and not of what an editor sent"
    (opened,) = world.events(CheckingOpened)
    assert (opened.claim_id, opened.claimed_in) == (awaited.id, awaited.sequence)
    assert drawn.answer_by > world.now, "nobody has lost time by the reading"


async def test_what_they_find_counts_as_of_any_other_claim() -> None:
    world = await claimed_unread()
    await read(world)
    await world.answer(lambda _: "not done")
    await world.settle()
    assert len(world.events(ClaimRefuted)) == 1
    world.now = DUE
    await world.settle()
    assert world.row["state"] == "overdue"


async def test_passed_twice_or_after_a_restart_it_begins_once() -> None:
    world = await claimed_unread()
    world.restart()
    await read(world)
    world.restart()
    await read(world)
    assert len(world.events(CheckingBegun)) == len(world.events(CheckersDrawn)) == 1


async def test_what_is_withdrawn_before_anybody_read_it_is_never_checked() -> None:
    world = await claimed_unread()
    await world.do(WithdrawCheck(CHECK_ID, "editor", "It names somebody", world.now))
    await read(world)
    await world.days(9)
    assert world.events(CheckingBegun) == world.events(CheckersDrawn) == []


async def test_a_claim_after_they_were_passed_is_asked_for_at_once() -> None:
    world = Checked()
    for number in (1, 2):
        await world.ready(number)
    await world.do(OpenCheck(varied(OPENED, passed=False)))
    await read(world)
    await world.claim()
    await world.settle()
    assert world.events(CheckingAwaited) == []
    assert len(world.events(CheckingAsked)) == len(world.events(CheckersDrawn)) == 1
    assert world.now < DUE - DAY


async def test_a_look_at_what_waits_draws_nobody() -> None:
    world = await claimed_unread()
    pool = [Candidate(member(number), OPENED.place, 1) for number in range(1, 5)]
    look = LookAtChecking(world.checking["checking_id"], pool, 9, frozenset(), world.now)
    outcome = await world.do(look)
    assert (outcome.error, outcome.new_events) == (None, 0)
