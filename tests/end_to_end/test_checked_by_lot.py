"""A claim is checked in the real suite, two of intake, while the one that works is killed."""

import os
import signal
from pathlib import Path

import pytest
from by_lot import DAY, WHERE, World, charter_with
from real_suite import home, started

from services.intake.domain.checking import AcceptChecking
from services.intake.domain.finding import GiveFinding
from shared.contracts.checking import (
    CheckerCredited,
    CheckersDrawn,
    CheckingOpened,
    ClaimUpheld,
)

pytestmark = pytest.mark.deep


async def test_one_draw_and_one_verdict_whoever_is_killed(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    where = home(request, tmp_path / "data")
    made = where.suite(services=("intake", "promotion"), replicas=2)
    made.charter_dir = charter_with(tmp_path)
    async with started(made) as client:
        world = World(client)
        people = await world.people_are_ready(*(WHERE["place"],) * 6)
        due = (world.now + 20 * DAY).isoformat()
        promise: dict[str, object] = {
            "commitment": "1",
            "owner": "Public Works",
            "task": "Mend the lamp",
            **WHERE,
        }
        promise["confidential"] = False
        promise |= {"made_at": world.now.isoformat(), "due_at": due}
        await world.says(("commitment.made", promise))
        done = {"commitment": "1", "owner": "Public Works", "done_at": world.now.isoformat()}
        await world.says(("commitment.done", done))
        os.kill(made.pids["intake-1"], signal.SIGKILL)
        await world.has(CheckingOpened, 1)
        await world.later(1)
        (drawn,) = await world.has(CheckersDrawn, 1)
        assert set(drawn.candidates) == people.keys()
        for who in drawn.drawn:
            seen = "It shines", WHERE["place"], world.now, 1, world.now
            await world.members(
                AcceptChecking(drawn.checking_id, who, world.now),
                GiveFinding(drawn.checking_id, who, "done", *seen),
            )
        await world.has(ClaimUpheld, 1)
        await world.later(15)
        credited = await world.has(CheckerCredited, 2)
        assert {each.member_id for each in credited} == set(drawn.drawn)
        for kind, number in ((CheckersDrawn, 1), (ClaimUpheld, 1), (CheckerCredited, 2)):
            assert len(await world.told(kind)) == number
        for model in ("checkers_v2", "checkings_v1", "seats_v2", "checks_v4"):
            rebuilt = where.tribune("rebuild", model)
            assert rebuilt.returncode == 0, rebuilt.stderr
