"""Two containers of every service without any change to docker-compose.yml, under one address."""

import json
from collections import Counter
from typing import Any

import pytest
from composed import PROGRAMS, Composed, eventually

pytestmark = [pytest.mark.compose, pytest.mark.deep]

ROWS = 10_000
A_DAY_NS = 24 * 3600 * 10**9
WITHIN_S = 120
TWICE = [option for service in PROGRAMS for option in ("--scale", f"{service}=2")]
LOOPS = {"intake": 15, "promotion": 7, "publishing": 2, "gate": 4}


def test_two_of_each_share_the_work_and_one_takes_over_from_the_other(suite: Composed) -> None:
    suite.compose("down", "--volumes")
    suite.compose("up", "--detach", "--wait", *TWICE)
    assert "publishing-2" in suite.compose("ps")
    eventually("each loop has one owner", lambda: each_loop_has_one_owner(suite), WITHIN_S)
    with suite.publishing(str(suite.part(ROWS))) as publisher:
        eventually("events come in", lambda: _reports(suite) > 0, WITHIN_S)
        for service in PROGRAMS:
            suite.kill(service, owner(suite, service))
            assert "Reports" in suite.page(), "one address, whoever answers"
        said, _ = publisher.communicate(timeout=300)
        assert publisher.returncode == 0, said
    assert json.loads(said.splitlines()[-1])["refused"] == 0
    eventually("all is worked through", suite.settled, WITHIN_S)
    eventually("each loop has one owner", lambda: each_loop_has_one_owner(suite), WITHIN_S)
    assert _reports(suite) == ROWS
    assert suite.status()["dead"] == 0
    suite.compose("up", "--detach", "--wait")
    assert "publishing-2" not in suite.compose("ps"), "as many as asked for"
    assert "Reports" in suite.page()
    assert json.loads(suite.tribune("verify", "--json"))["wrong"] == []


def test_rows_that_are_lost_are_made_anew_and_no_health_check_ends_that(suite: Composed) -> None:
    """Whoever waits for the suite waits for the rows; no failure counts before they are there."""
    suite.compose("up", "--detach", "--wait")
    before = suite.status()["services"]["intake"]["reports"]
    suite.compose("down")
    project = suite.environment["COMPOSE_PROJECT_NAME"]
    suite.run("docker", "volume", "rm", f"{project}_rows")
    suite.compose("up", "--detach", "--wait")
    assert suite.settled()
    assert suite.status()["services"]["intake"]["reports"] == before
    for container in ("nats", "postgres", *PROGRAMS):
        health = suite.inspect(container)["Config"]["Healthcheck"]
        assert health["StartPeriod"] > A_DAY_NS


def _replicas(suite: Composed, service: str) -> list[dict[str, Any]]:
    return list(suite.status()["services"][service]["replicas"])


def each_loop_has_one_owner(suite: Composed) -> bool:
    for service in PROGRAMS:
        replicas = _replicas(suite, service)
        standing_by = Counter(loop for one in replicas for loop in one["standby"])
        if (
            len(replicas) != 2
            or len(standing_by) != LOOPS[service]
            or standing_by.total() != LOOPS[service]
        ):
            return False
    return True


def owner(suite: Composed, service: str) -> int:
    """The number of the container that has most of the loops; a replica's name is its host's."""
    owner = min(_replicas(suite, service), key=lambda one: len(one["standby"]))["instance"]
    return next(n for n in (1, 2) if suite.inspect(service, n)["Config"]["Hostname"] == owner)


def _reports(suite: Composed) -> int:
    said = suite.tribune("status", "--json", codes=(0, 1, 4))
    intake = json.loads(said)["services"]["intake"] if said else None
    return sum(intake.get("reports", {}).values()) if intake else 0
