"""Who plays with claims never looks better than who is honestly late; and it stands in the log."""

import asyncio
from dataclasses import dataclass

from checked import DUE, Checked, member
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.check import CheckOverdue, DoneClaimed
from shared.contracts.checking import CheckingClosed, ClaimRefuted, FindingGiven, Verdict
from shared.testing.examples import DAY

FEW = settings(max_examples=max(settings().max_examples // 5, 1))
PEOPLE = 9
COLLUDES = member(1)


@dataclass(frozen=True)
class Move:
    """After so many days done is claimed, as if it had been so many days ago."""

    after: float
    back: int


moves = st.lists(
    st.builds(Move, st.sampled_from([0.5, 1, 4, 9, 20]), st.integers(0, 12)), min_size=1, max_size=4
)


def says(who: str) -> Verdict:
    return "done" if who == COLLUDES else "not done"


async def played(moves: list[Move], *, half: bool) -> Checked:
    """Nothing is ever done; with `half` everybody but the one who colludes says that half is."""
    world = Checked()
    await world.begin(PEOPLE)
    for move in moves:
        await world.days(move.after)
        await world.claim(done_at=world.now - move.back * DAY)
        await world.settle()
        for _ in range(4):
            await world.answer(lambda who: "half done" if half and who != COLLUDES else says(who))
            await world.settle()
    world.now = max(world.now, DUE)
    await world.days(60)
    return world


@FEW
@given(moves)
def test_claiming_and_colluding_with_one_checker_is_no_better_than_being_late(
    moves: list[Move],
) -> None:
    world = asyncio.run(played(moves, half=False))
    assert world.row["state"] == "overdue"
    assert world.row["withdrawn_known_at"] is None
    assert len(world.events(CheckOverdue)) >= 1
    claims = world.events(DoneClaimed)
    assert len(claims) == len(world.events(ClaimRefuted)) == len(moves), "each is in the log"
    assert len(world.events(FindingGiven)) >= 2 * len(moves)


@FEW
@given(moves)
def test_having_half_of_it_found_moves_no_date_of_what_was_promised(moves: list[Move]) -> None:
    """Either the first date passed, and stays on record, or what is left is due by it; in the end
    something of it is late, as it is for who never claimed."""
    world = asyncio.run(played(moves, half=True))
    for closed in world.events(CheckingClosed):
        raised = [e for e in world.events(CheckOverdue) if e.check_id == closed.check_id]
        assert raised or closed.rest_due_at == DUE
    assert world.row["state"] == "half done"
    assert world.events(CheckOverdue)
