"""Killed and frozen at random moments, the suite ends in the same rows and the same log."""

import signal
from pathlib import Path

import pytest
from faults import TAKEN_OVER_WITHIN_S, Faults, Freeze, Kill, new_seed
from real_suite import KEYS, Home, home, started
from replays import Left, left_by, replay
from structlog.testing import capture_logs

from deploy.embedded import Suite
from deploy.programs import PROGRAMS
from shared.mapping import UpstreamEvent

ONE_OF_EACH = tuple(Kill(f"{service}-1") for service in PROGRAMS)
SHORT_FREEZE_S = 6.0


async def ends_in_the_same(where: Home, expected: Left, told: str) -> None:
    left = await left_by(where)
    assert left.events == expected.events, told
    assert left.rows == expected.rows, told
    assert left.receipts.keys() == {1}, f"{told}: each message has exactly one"
    proof = where.tribune("verify", within_s=600)
    assert proof.returncode == 0, f"{told}\n{proof.stdout}{proof.stderr}"


async def survives(suite: Suite, events: list[UpstreamEvent], faults: Faults) -> None:
    async with started(suite) as client:
        publication = await replay(client, events, faults)
    assert len(faults.done) == len(faults.given), "every fault struck before all was taken in"
    answered = publication.answered
    assert answered.refused == 0
    assert answered.accepted == len(events), "each was new once"
    assert answered.total >= len(events), "what NATS took but could not confirm was sent again"
    assert all(took < TAKEN_OVER_WITHIN_S for took in faults.took_over_after_s)


@pytest.mark.deep
async def test_killing_any_part_several_times_changes_neither_rows_nor_log(
    request: pytest.FixtureRequest, tmp_path: Path, events: list[UpstreamEvent], expected: Left
) -> None:
    where = home(request, tmp_path, **KEYS)
    suite, seed = where.suite(), new_seed()
    kills = [Kill("nats"), Kill("nats"), *ONE_OF_EACH, *ONE_OF_EACH]
    await survives(suite, events, Faults(suite, seed, kills, len(events)))
    await ends_in_the_same(where, expected, f"seed {seed}")


@pytest.mark.deep
async def test_with_two_of_each_a_freeze_of_an_owner_and_kills_change_nothing_either(
    request: pytest.FixtureRequest, tmp_path: Path, events: list[UpstreamEvent], expected: Left
) -> None:
    where = home(request, tmp_path, **KEYS)
    suite, seed = where.suite(replicas=2), new_seed()
    given = [
        Freeze("intake.inbox.boston", SHORT_FREEZE_S),
        *(Kill(part) for part in ("nats", "intake-1", "intake-2", "promotion-2", "publishing-1")),
    ]
    await survives(suite, events, Faults(suite, seed, given, len(events)))
    await ends_in_the_same(where, expected, f"seed {seed}")


@pytest.mark.deep
async def test_a_stop_under_load_finishes_what_is_in_hand(
    request: pytest.FixtureRequest, tmp_path: Path, events: list[UpstreamEvent], expected: Left
) -> None:
    where = home(request, tmp_path, **KEYS)
    suite, seed = where.suite(), new_seed()
    stops = [Kill(f"{service}-1", signal.SIGTERM) for service in PROGRAMS]
    faults = Faults(suite, seed, stops, len(events))
    with capture_logs() as told:
        async with started(suite) as client:
            await replay(client, events, faults)
    ended = [(line["part"], line["exit_code"]) for line in told if "exit_code" in line]
    assert ended == [(stop.part, 0) for stop in faults.done if isinstance(stop, Kill)]
    assert len(ended) == len(stops)
    await ends_in_the_same(where, expected, f"seed {seed}")
