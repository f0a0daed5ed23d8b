"""From a clean clone to published figures, and back after everything was taken down.

The first two weeks of the half year; with TRIBUNE_TEST_PROFILE=deep all of it.
"""

import csv
import gzip
import json
import os
import stat
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from composed import CONTAINERS, FILE, MAPPING, SERVICES, Composed, eventually

pytestmark = pytest.mark.compose

HEALTHY_WITHIN_S = 300
GRACE_S = 30
KILLED = 137


@dataclass(frozen=True)
class Figures:
    """What the city's file says of the requests that were made before a day, `until`."""

    events: int
    reports: int
    checks: int
    overdue: int
    says: int
    """A sequence of PROMOTION: a qualification or what led to one."""
    until: str = "9999"
    states: dict[str, Any] = field(default_factory=dict)
    """Of the answer of `status`, by service and name; more than the counts above."""


WHOLE = Figures(
    events=203_912,
    reports=58_251,
    checks=47_270,
    overdue=11_679,
    says=1_203,
    states={
        "intake": {
            "reports": {"confirmed": 49_127, "refuted": 5_280, "closed": 163, "filed": 3_681},
            "checks": {
                "opened": 47_270,
                "done": 35_591,
                "done late": 8_230,
                "overdue": 3_449,
                "ever overdue": 11_679,
            },
        },
        "promotion": {"members": 341, "qualified": {"inspector": 21, "correspondent": 198}},
    },
)
TWO_WEEKS = Figures(16_765, 4_778, 4_060, 1_015, says=100, until="2011-07-15")


FIGURES = WHOLE if os.environ.get("TRIBUNE_TEST_PROFILE") == "deep" else TWO_WEEKS


def test_from_a_clean_clone_to_the_figures_and_back_after_down_and_up(suite: Composed) -> None:
    figures = FIGURES
    env = suite.clone / ".env"
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    written = env.read_text()
    again = subprocess.run(
        [sys.executable, "-m", "deploy.cli", "init"],
        cwd=suite.clone, env=suite.environment, check=False, capture_output=True,
    )  # fmt: skip
    assert again.returncode == 1
    assert env.read_text() == written

    took = _up(suite)
    print(f"healthy after {took:.1f} s")
    assert took < HEALTHY_WITHIN_S
    _only_the_ports_of_services_are_open(suite)

    began = time.monotonic()
    said = suite.publish(str(_rows_before(suite, figures.until)))
    print(f"published {said} in {time.monotonic() - began:.0f} s")
    taken = {"sent": figures.events, "accepted": figures.events, "duplicate": 0, "refused": 0}
    assert said == taken | {"refusals": [], "other_reasons": 0}
    eventually("all is worked through", suite.settled, 60)
    before = suite.status()
    _figures_are_those_of_the_city(before, figures)
    assert f"{figures.reports:,}" in suite.page()
    assert f"{figures.overdue:,}" in suite.page()

    # Each live row in PostgreSQL against a replay of the whole log into SQLite.
    began = time.monotonic()
    verdict = json.loads(suite.tribune("verify", "--json"))
    print(f"verified in {time.monotonic() - began:.0f} s: {verdict['looked_at']}")
    assert verdict["wrong"] == []
    rows_of = {"reports_v5": figures.reports, "checks_v4": figures.checks}
    for model, number in (rows_of | {"overdue_v6": figures.checks}).items():
        rows = f"{model}: {number:,} rows"
        assert any(line.startswith(rows) for line in verdict["looked_at"])

    _commands_answer_alike_from_the_host_and_in_a_container(suite, figures)

    began = time.monotonic()
    suite.compose("stop")
    print(f"stopped in {time.monotonic() - began:.1f} s")
    assert time.monotonic() - began < GRACE_S
    for container in CONTAINERS:
        code = suite.inspect(container)["State"]["ExitCode"]
        assert code == (KILLED if container == "nats" else 0), container
    suite.compose("down")
    took = _up(suite)
    print(f"healthy again after {took:.1f} s")
    assert took < HEALTHY_WITHIN_S
    after = suite.status()
    _figures_are_those_of_the_city(after, figures)
    assert _logs(after) == _logs(before)
    assert f"{figures.reports:,}" in suite.page()

    mounted = [f"{suite.part(1_000)}:/part.csv:ro"]
    publish = ("publish", "/part.csv", "--mapping", MAPPING, "--json")
    said = json.loads(suite.tools(*publish, mounted=mounted))
    assert said["duplicate"] == said["sent"] > 1_000
    assert _logs(suite.status()) == _logs(before)


def _commands_answer_alike_from_the_host_and_in_a_container(
    suite: Composed, figures: Figures
) -> None:
    says = f"PROMOTION/{figures.says}"
    assert "because" in suite.tribune("why", says)
    assert suite.tribune("why", says) == suite.tools("why", says)
    assert json.loads(suite.tribune("dead", "list", "--json")) == []
    assert json.loads(suite.tools("dead", "list", "--json")) == []
    assert f"{figures.checks:,} rows" in suite.tribune("rebuild", "checks_v4")
    in_a_container = json.loads(suite.tools("status", "--json"))
    assert in_a_container["services"].keys() == suite.status()["services"].keys()


def _up(suite: Composed) -> float:
    began = time.monotonic()
    suite.compose("up", "--detach", "--wait")
    took = time.monotonic() - began
    for container in CONTAINERS:
        assert suite.inspect(container)["State"]["Health"]["Status"] == "healthy"
    return took


def _only_the_ports_of_services_are_open(suite: Composed) -> None:
    everybody = {suite.ports[name] for name in ("SITE", "INTAKE", "PROMOTION", "HTTP")}
    for container in (*CONTAINERS, "edge"):
        bindings = suite.inspect(container)["NetworkSettings"]["Ports"]
        for host in [host for hosts in bindings.values() for host in hosts or ()]:
            assert host["HostIp"] == "127.0.0.1" or int(host["HostPort"]) in everybody


def _rows_before(suite: Composed, day: str) -> Path:
    whole = suite.clone / FILE
    if day == WHOLE.until:
        return whole
    part = suite.clone.parent / "part.csv"
    with gzip.open(whole, "rt", encoding="utf-8", newline="") as file, part.open("w") as kept:
        rows = csv.DictReader(file)
        writer = csv.DictWriter(kept, rows.fieldnames or ())
        writer.writeheader()
        writer.writerows(row for row in rows if row["open_dt"] < day)
    return part


def _figures_are_those_of_the_city(status: dict[str, Any], figures: Figures) -> None:
    intake, promotion, publishing = (status["services"][name] for name in SERVICES)
    assert sum(intake["reports"].values()) == figures.reports
    assert intake["checks"]["opened"] == figures.checks
    assert intake["checks"]["ever overdue"] == figures.overdue
    assert promotion["members"] > 0
    assert publishing["public"]["reports"] == figures.reports
    assert publishing["public"]["overdue"] == figures.overdue
    assert status["dead"] == 0
    for service, told in figures.states.items():
        assert {name: status["services"][service][name] for name in told} == told


def _logs(status: dict[str, Any]) -> dict[str, int]:
    logs = ("INTAKE", "PROMOTION", "PUBLIC")
    return {s["stream"]: s["last_sequence"] for s in status["streams"] if s["stream"] in logs}
