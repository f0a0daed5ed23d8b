"""What an owner's source asks for against a verdict becomes the appeal of its checking."""

from checked import OWNER, Checked, member

from services.intake.domain.appeal import AskForAppeal
from services.intake.domain.checking import AppealVerdict
from shared.contracts.checking import AppealAsked, AppealMade, CheckersDrawn, ClaimUpheld
from shared.testing.examples import CHECK_ID

AWAY = frozenset(member(number) for number in range(20, 26))
WHY = "They looked at another lamp"


async def refuted() -> Checked:
    world = Checked()
    for number in range(20, 26):
        await world.ready(number, place="us.ma.cambridge")
    await world.begin(8)
    await world.days(1)
    await world.claim()
    await world.settle()
    await world.answer(lambda _: "not done")
    await world.settle()
    return world


async def appeals(world: Checked, message: str) -> int:
    """How many events it led to."""
    outcome = await world.do(AskForAppeal(CHECK_ID, OWNER, WHY, world.now), message)
    assert outcome.error is None
    return outcome.new_events


async def test_people_from_elsewhere_look_again_and_what_they_find_stands() -> None:
    world = await refuted()
    assert await appeals(world, "one") == 1
    await world.settle()
    (made,) = world.events(AppealMade)
    assert (made.appellant, made.reason) == ("owner", WHY)
    assert set(world.events(CheckersDrawn)[-1].drawn) < AWAY
    await world.answer(lambda _: "done")
    await world.settle()
    assert len(world.events(ClaimUpheld)) == 1
    assert world.row["state"] == "done"


async def test_given_twice_it_is_one_also_once_there_is_another_verdict() -> None:
    """By the same message, as where an inbox is taken in again, and by another one."""
    world = await refuted()
    for message, new in (("one", 1), ("one", 0), ("two", 0)):
        assert await appeals(world, message) == new
        await world.settle()
    await world.days(30)
    await world.claim()
    await world.settle()
    await world.answer(lambda _: "not done")
    await world.settle()
    world.restart()
    assert await appeals(world, "one") == 0
    await world.settle()
    assert (len(world.events(AppealAsked)), len(world.events(AppealMade))) == (1, 1)


async def test_whoever_was_first_it_is_one_appeal() -> None:
    world = await refuted()
    checking = world.checking["checking_id"]
    await world.do(AppealVerdict(checking, "reporter", "It is dark", world.now))
    assert await appeals(world, "one") == 1
    await world.settle()
    assert [each.appellant for each in world.events(AppealMade)] == ["reporter"]
