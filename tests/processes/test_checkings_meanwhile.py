"""What befalls a commitment while its claim of done is checked, and between two checkings."""

from datetime import timedelta

from checked import DUE, OWNER, Checked, member

from services.intake.domain.checking import AppealVerdict
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.clock import PassUp
from services.intake.domain.handing_over import HandOverCheck, NotTheOwnerError
from services.intake.domain.pausing import PauseCheck
from services.intake.domain.withdrawal import WithdrawCheck
from services.intake.projections import checkings, checks, lateness
from shared.contracts.check import CheckOpened, CheckOverdue
from shared.contracts.checking import CheckHalved, ClaimRefuted, ClaimUpheld
from shared.contracts.clock import CheckPaused
from shared.testing.examples import CHECK_ID, DAY

AWAY = frozenset(member(number) for number in range(20, 26))


async def begun() -> Checked:
    """As many as two checkings and an appeal need; one day in, done is claimed."""
    world = Checked()
    for number in range(20, 26):
        await world.ready(number, place="us.ma.cambridge")
    await world.begin(8)
    await world.days(1)
    return world


async def claimed() -> Checked:
    world = await begun()
    await world.claim()
    await world.settle()
    return world


async def refuted(world: Checked, verdict: str = "not done") -> None:
    await world.answer(lambda _: verdict)  # type: ignore[arg-type,return-value]
    await world.settle()
    assert world.events(ClaimRefuted)


async def to_parks(world: Checked, *, told: bool = True) -> None:
    why, at = "The lamp is in a park", world.now
    given = HandOverCheck(CHECK_ID, OWNER, "Parks", why, at, at, told=told)
    assert (await world.do(given)).error is None


def rests(world: Checked) -> list[CheckOpened]:
    return [each for each in world.events(CheckOpened) if each.check_id != CHECK_ID]


async def test_what_was_paused_when_it_was_claimed_is_paused_still_once_that_is_refuted() -> None:
    """Else the calendar asks for it once a second, and the check says each time that it is not
    due."""
    world = await begun()
    await world.do(PauseCheck(CHECK_ID, world.now, "Wires are to come", world.now))
    await world.claim()
    await world.settle()
    assert world.events(CheckPaused)
    await refuted(world)
    assert world.row["state"] == "paused"
    world.now = DUE + DAY
    await world.settle()
    assert (world.row["state"], world.events(CheckOverdue)) == ("paused", [])


async def test_what_an_appeal_upheld_no_later_claim_makes_late() -> None:
    """Claimed in time, refuted, claimed anew when it was late; and both are found done."""
    world = await claimed()
    first = world.checking["checking_id"]
    await refuted(world)
    world.now = DUE + DAY
    await world.settle()
    assert world.row["state"] == "overdue"
    await world.claim()
    await world.settle()
    await world.do(AppealVerdict(first, "owner", "They looked at another lamp", world.now))
    await world.settle()
    await world.answer(lambda who: "done" if who in AWAY else None)
    await world.settle()
    assert world.row["state"] == "done"
    await world.answer(lambda _: "done")
    await world.settle()
    known = {row["checking_id"]: row for row in world.rows(checkings.read_model)}
    assert {row["verdict"] for row in known.values()} == {"done"}
    (upheld,) = world.events(ClaimUpheld)
    assert (upheld.done_at, upheld.late) == (known[first]["claimed_at"], False)
    assert world.row["state"] == "done"


async def test_what_was_refuted_goes_on_from_the_tier_that_it_had() -> None:
    """The calendar asks once for each tier of a due date: what came to the second and is back at
    the first would be asked for each second, and would never go further up."""
    world = await begun()
    world.now = DUE
    await world.settle()
    since = DUE + DAY
    world.now = since + DAY
    up = PassUp(CHECK_ID, DUE, 2, "The mayor", since, world.now)
    assert (await world.do(up, as_id="tier-2")).new_events == 1
    await world.claim(done_at=DUE - DAY)
    await world.settle()
    await refuted(world)
    assert [each.tier for each in world.events(CheckOverdue)] == [1, 2]
    assert world.rows_by_key(lateness.read_model)[CHECK_ID]["waits"] == 3
    further = PassUp(CHECK_ID, DUE, 3, "The council", since + DAY, world.now + DAY)
    assert (await world.do(further, as_id="tier-3")).new_events == 1


async def test_who_gave_it_away_claims_nothing_of_when_others_had_it() -> None:
    """What was refuted is done no earlier than that, and then it was not theirs any more."""
    world = await claimed()
    before = world.now
    world.now += 2 * DAY
    await refuted(world)
    given = HandOverCheck(CHECK_ID, OWNER, "Parks", "In a park", before, world.now)
    assert (await world.do(given)).error is None
    again = await world.do(ClaimDone(CHECK_ID, OWNER, before - timedelta(hours=1), world.now))
    assert isinstance(again.error, NotTheOwnerError)


async def test_the_rest_is_of_who_has_it_by_now_and_as_public() -> None:
    for told in (True, False):
        world = await claimed()
        await refuted(world, "half done")
        await to_parks(world, told=told)
        await world.days(15)
        (rest,) = rests(world)
        assert (rest.owner, rest.passed, rest.confidential) == ("Parks", told, False)


async def test_the_rest_of_what_was_withdrawn_is_confidential() -> None:
    world = await claimed()
    await refuted(world, "half done")
    gone = WithdrawCheck(CHECK_ID, "editor", "It names somebody", world.now)
    assert (await world.do(gone)).error is None
    await world.days(15)
    (rest,) = rests(world)
    assert rest.confidential


async def test_what_was_claimed_anew_before_half_was_final_has_no_rest_beside_it() -> None:
    world = await claimed()
    await refuted(world, "half done")
    await world.claim()
    await world.days(0)
    await world.answer(lambda _: "done")
    await world.days(30)
    assert (world.events(CheckHalved), rests(world)) == ([], [])
    assert world.rows_by_key(checks.read_model)[CHECK_ID]["state"].startswith("done")
