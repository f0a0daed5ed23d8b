"""The whole story of a commitment in the embedded suite; with two of each and two kills as a deep
test."""

import json
import os
import signal
from pathlib import Path

import pytest
from real_suite import home, proven, started
from whole_story import Story, all_of_it, charter_of_it


@pytest.mark.parametrize(
    "replicas", [pytest.param(1, id="alone"), pytest.param(2, id="killed", marks=pytest.mark.deep)]
)
async def test_a_commitment_from_its_due_date_to_what_is_left_of_it(
    request: pytest.FixtureRequest, tmp_path: Path, replicas: int
) -> None:
    where = home(request, tmp_path / "data")
    suite = where.suite(replicas=replicas)
    suite.charter_dir = charter_of_it(tmp_path)

    def kill(number: int) -> None:
        if replicas > 1:
            os.kill(suite.pids[f"intake-{number}"], signal.SIGKILL)

    async with started(suite) as client:
        await all_of_it(Story(client), kill)
        told = where.tribune("recount", f"http://127.0.0.1:{suite.ports['publishing-1']}", "--json")
        assert json.loads(told.stdout)["differences"] == [], told.stdout + told.stderr
    found = await proven(where)
    assert (found.wrong, found.behind) == ([], [])
