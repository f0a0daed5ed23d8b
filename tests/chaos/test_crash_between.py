"""Why rows and checkpoint are one transaction: a death in between, with it and without it."""

import asyncio
import os
from pathlib import Path

import pytest
from real_suite import KEYS, Home, home
from replays import LOGS, Left, left_by, replayed

from shared.mapping import UpstreamEvent

CRASH_POINTS = Path(__file__).parent / "crash_points"
COUNTING = ("members_v4",)
"""Read models that count: what is applied twice shows in them."""


def replayed_with_a_death_in_between(
    request: pytest.FixtureRequest, folder: Path, events: list[UpstreamEvent], transaction: str
) -> Home:
    where = home(
        request,
        folder,
        **KEYS,
        PYTHONPATH=os.pathsep.join([str(CRASH_POINTS), str(Path.cwd())]),
        CRASH_POINT=transaction,
        CRASH_MODELS=" ".join(COUNTING),
    )
    publication = asyncio.run(replayed(where, events))
    assert publication.answered.accepted == len(events)
    for model in COUNTING:
        assert (folder / f"{model}.died").exists(), f"the crash point of {model} was never reached"
    for name in ("PYTHONPATH", "CRASH_POINT", "CRASH_MODELS"):
        where.environment.pop(name)
    return where


@pytest.mark.postgres
@pytest.mark.deep
def test_a_death_between_rows_and_checkpoint_changes_nothing(
    request: pytest.FixtureRequest, tmp_path: Path, events: list[UpstreamEvent], expected: Left
) -> None:
    where = replayed_with_a_death_in_between(request, tmp_path, events, "in one transaction")
    proof = where.tribune("verify")
    assert proof.returncode == 0, proof.stdout + proof.stderr
    assert asyncio.run(left_by(where)) == expected


@pytest.mark.deep
def test_with_the_checkpoint_outside_of_the_transaction_the_same_death_counts_twice(
    request: pytest.FixtureRequest, tmp_path: Path, events: list[UpstreamEvent], expected: Left
) -> None:
    where = replayed_with_a_death_in_between(request, tmp_path, events, "in two")
    proof = where.tribune("verify")
    assert proof.returncode == 1, "a projector without the transaction must be found out"
    for model in COUNTING:
        assert f"{model}: " in _differences(proof.stdout)
    left = asyncio.run(left_by(where))
    assert all(left.events[stream] == expected.events[stream] for stream in LOGS)
    for model in COUNTING:
        assert left.rows[model] != expected.rows[model]


def _differences(told: str) -> str:
    return "\n".join(line for line in told.splitlines() if "differs in" in line)
