"""From a clean clone to the published half year, and back after everything was taken down."""

import json
import stat
import subprocess
import sys
import time
from typing import Any

import pytest
from composed import CONTAINERS, FILE, MAPPING, SERVICES, Composed, eventually

pytestmark = pytest.mark.compose

HEALTHY_WITHIN_S = 300
GRACE_S = 30
KILLED = 137
EVENTS = 203_912
TAKEN = {"sent": EVENTS, "accepted": EVENTS, "duplicate": 0, "refused": 0}
TAKEN |= {"refusals": [], "other_reasons": 0}
REPORTS = {"confirmed": 49_127, "refuted": 5_280, "closed": 163, "filed": 3_681}
CHECKS = {"opened": 47_270, "done": 35_591, "done late": 8_230, "overdue": 3_449}
OVERDUE = 11_679
QUALIFIED = {"inspector": 21, "correspondent": 198}


def test_from_a_clean_clone_to_the_figures_and_back_after_down_and_up(suite: Composed) -> None:
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
    said = suite.publish(FILE)
    print(f"published {said} in {time.monotonic() - began:.0f} s")
    assert said == TAKEN
    eventually("all is worked through", suite.settled, 60)
    before = suite.status()
    _figures_are_those_of_the_demonstration(before)
    assert "58,251" in suite.page()
    assert "11,679" in suite.page()

    # Each live row in PostgreSQL against a replay of the whole log into SQLite.
    began = time.monotonic()
    verdict = json.loads(suite.tribune("verify", "--json"))
    print(f"verified in {time.monotonic() - began:.0f} s: {verdict['looked_at']}")
    assert verdict["wrong"] == []
    for rows in ("reports_v5: 58,251 rows", "checks_v4: 47,270 rows", "overdue_v4: 47,270 rows"):
        assert any(line.startswith(rows) for line in verdict["looked_at"])

    assert "because" in suite.tribune("why", "PROMOTION/1203")
    assert suite.tribune("why", "PROMOTION/1203") == suite.tools("why", "PROMOTION/1203")
    assert json.loads(suite.tribune("dead", "list", "--json")) == []
    assert json.loads(suite.tools("dead", "list", "--json")) == []
    assert "47,270 rows" in suite.tribune("rebuild", "checks_v4")
    in_a_container = json.loads(suite.tools("status", "--json"))
    assert in_a_container["services"].keys() == before["services"].keys()

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
    _figures_are_those_of_the_demonstration(after)
    assert _logs(after) == _logs(before)
    assert "58,251" in suite.page()

    mounted = [f"{suite.part(1_000)}:/part.csv:ro"]
    publish = ("publish", "/part.csv", "--mapping", MAPPING, "--json")
    said = json.loads(suite.tools(*publish, mounted=mounted))
    assert said["duplicate"] == said["sent"] > 1_000
    assert _logs(suite.status()) == _logs(before)


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


def _figures_are_those_of_the_demonstration(status: dict[str, Any]) -> None:
    intake, promotion, publishing = (status["services"][name] for name in SERVICES)
    assert intake["reports"] == REPORTS
    assert intake["checks"] == CHECKS | {"ever overdue": OVERDUE}
    assert promotion["members"] == 341
    assert promotion["qualified"] == QUALIFIED
    assert publishing["public"]["reports"] == sum(REPORTS.values())
    assert publishing["public"]["overdue"] == OVERDUE
    assert status["dead"] == 0


def _logs(status: dict[str, Any]) -> dict[str, int]:
    logs = ("INTAKE", "PROMOTION", "PUBLIC")
    return {s["stream"]: s["last_sequence"] for s in status["streams"] if s["stream"] in logs}
