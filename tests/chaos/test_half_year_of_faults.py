"""The whole half year with two of everything, ten kills and two freezes: for `make test-deep`."""

import asyncio
import random
from pathlib import Path

import pytest
from faults import Faults, Freeze, Kill, new_seed
from real_suite import KEYS, home
from replays import Left, events_of, left_by, replayed
from test_kill import ends_in_the_same, survives

from deploy.programs import PROGRAMS
from shared.mapping import UpstreamEvent

pytestmark = pytest.mark.deep

KILLS, FREEZE_S = 10, 20.0
PARTS = ["nats", *(f"{service}-{number}" for service in PROGRAMS for number in (1, 2))]


@pytest.fixture(scope="module")
def half_year() -> list[UpstreamEvent]:
    return events_of(None)


@pytest.fixture(scope="module")
def undisturbed_half_year(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    half_year: list[UpstreamEvent],
) -> Left:
    folder = tmp_path_factory.mktemp("undisturbed")
    where = home(request, folder, **KEYS)
    publication = asyncio.run(replayed(where, half_year))
    assert publication.answered.accepted == len(half_year)
    return asyncio.run(left_by(where))


async def test_two_of_each_ten_kills_and_two_freezes_change_nothing(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    half_year: list[UpstreamEvent],
    undisturbed_half_year: Left,
) -> None:
    where = home(request, tmp_path, **KEYS)
    suite, seed = where.suite(replicas=2), new_seed()
    struck = random.Random(seed).choices(PARTS, k=KILLS)
    given = [
        Freeze("intake.inbox.boston", FREEZE_S),
        Freeze("promotion.reaction.credits", FREEZE_S),
        *map(Kill, struck),
    ]
    faults = Faults(suite, seed, given, len(half_year))
    await survives(suite, half_year, faults)
    print(*faults.done, f"taken over after {faults.took_over_after_s} s", sep="\n")  # noqa: T201
    await ends_in_the_same(where, undisturbed_half_year, f"seed {seed}")
