"""Killed at random moments and started again, the suite ends in the same rows and the same log."""

import os
import random
import signal
from pathlib import Path

import pytest
from real_suite import home, started
from replays import Killer, Left, left_by, replay
from structlog.testing import capture_logs

from deploy.mapping import UpstreamEvent

SERVICES_TWICE = ("intake-1", "promotion-1", "publishing-1") * 2


def _seed() -> int:
    """A new one each time, shown where a test fails; TRIBUNE_TEST_SEED repeats an earlier run."""
    seed = int(os.environ.get("TRIBUNE_TEST_SEED", "0")) or random.SystemRandom().randrange(10**6)
    print(f"TRIBUNE_TEST_SEED={seed}")  # noqa: T201
    return seed


async def test_killing_any_part_several_times_changes_neither_rows_nor_log(
    request: pytest.FixtureRequest, tmp_path: Path, events: list[UpstreamEvent], expected: Left
) -> None:
    where = home(request, tmp_path, TRIBUNE_RELEASE_KEY="one for all")
    suite, seed = where.suite(), _seed()
    order = random.Random(seed).sample(victims := ["nats", "nats", *SERVICES_TWICE], len(victims))
    killer = Killer(suite, seed, tuple(order), len(events))
    async with started(suite) as client:
        publication = await replay(client, events, killer)
    assert killer.killed == order, "every kill took place before all was taken in"
    answered = publication.answered
    assert answered.refused == 0
    assert answered.accepted == len(events), "each was new once"
    assert answered.total >= len(events), "what NATS took but could not confirm was sent again"
    proof = where.tribune("verify")
    assert proof.returncode == 0, f"seed {seed}\n{proof.stdout}{proof.stderr}"
    left = await left_by(where)
    assert left.events == expected.events, f"seed {seed}"
    assert left.rows == expected.rows, f"seed {seed}"


async def test_a_stop_under_load_finishes_what_is_in_hand(
    request: pytest.FixtureRequest, tmp_path: Path, events: list[UpstreamEvent], expected: Left
) -> None:
    where = home(request, tmp_path, TRIBUNE_RELEASE_KEY="one for all")
    suite, seed = where.suite(), _seed()
    killer = Killer(suite, seed, SERVICES_TWICE[:3], len(events), signal.SIGTERM)
    with capture_logs() as told:
        async with started(suite) as client:
            await replay(client, events, killer)
    ended = [(line["part"], line["exit_code"]) for line in told if "exit_code" in line]
    assert ended == [(service, 0) for service in killer.killed]
    assert len(ended) == 3
    proof = where.tribune("verify")
    assert proof.returncode == 0, f"seed {seed}\n{proof.stdout}{proof.stderr}"
    left = await left_by(where)
    assert left == expected, f"seed {seed}"
