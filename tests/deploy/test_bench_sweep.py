"""`tribune bench sweep` in a small form: it finds what is due, and nothing of what waits."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from deploy.cli import app

pytestmark = pytest.mark.deep


def test_the_bench_of_the_sweep_raises_what_is_due_and_lets_the_others_wait() -> None:
    sizes = ["--waiting", "2000", "--due", "700"]
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-P", "-m", "deploy.cli", "bench", "sweep", "--json", *sizes],
        capture_output=True,
        text=True,
        timeout=240,
        check=True,
    )
    figures = json.loads(ended.stdout)
    assert (figures["waiting"], figures["checks"], figures["raised"]) == (2000, 700, 700)
    assert 0 < figures["idle_sweep_ms"] < 1000 * figures["due_raised_s"]
    assert figures["events_per_s"] > 0


def test_it_raises_what_is_due_in_three_tiers_at_once_and_reminds_before() -> None:
    sizes = ["--waiting", "2000", "--due", "700", "--tiers", "3"]
    ended = CliRunner().invoke(app, ["bench", "sweep", "--json", *sizes])
    figures = json.loads(ended.stdout)
    assert (figures["waiting"], figures["checks"]) == (2000, 700)
    assert (figures["reminded"], figures["raised"]) == (700, 2100)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["ingest", "--waiting", "5"], "--waiting is for sweep; ingest does not take it"),
        (["replay", "--due", "10000"], "--due is for sweep; replay does not take it"),
        (
            ["lives", "--database-url", ""],
            "--database-url is for replay and sweep and requests and duplicates",
        ),
        (["everything"], "there are ingest, replay"),
    ],
)
def test_an_option_of_another_bench_is_refused(given: list[str], words: str) -> None:
    ended = CliRunner().invoke(app, ["bench", *given], env={"COLUMNS": "200"})
    assert ended.exit_code == 2
    assert words in ended.stderr
