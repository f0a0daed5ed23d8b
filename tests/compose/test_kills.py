"""Each container's process is killed while events come in; all comes back, nothing is lost."""

import json

import pytest
from composed import CONTAINERS, Composed, eventually

pytestmark = [pytest.mark.compose, pytest.mark.deep]

ROWS = 30_000
BACK_WITHIN_S = 60
HEALTHY_WITHIN_S = 180  # a service is so when it has caught up, on a machine that may be busy


def test_whatever_is_killed_while_publishing_comes_back_and_nothing_is_lost(
    suite: Composed,
) -> None:
    suite.compose("down", "--volumes")
    suite.compose("up", "--detach", "--wait")
    with suite.publishing(str(suite.part(ROWS))) as publisher:
        for container in CONTAINERS:
            eventually("events come in", lambda: _receipts(suite) > 0, BACK_WITHIN_S)
            pid = suite.kill(container)
            assert publisher.poll() is None, "it was killed too late: all was published before"
            took = eventually(
                f"{container} is back", lambda c=container, p=pid: _runs(suite, c, p), BACK_WITHIN_S
            )
            print(f"{container} ran again after {took:.1f} s")
            answered = _receipts(suite)
            eventually(
                "more is taken in",
                lambda a=answered: _receipts(suite) > a or publisher.poll() is not None,
                HEALTHY_WITHIN_S,
            )
        took = eventually("all are healthy", lambda: _all_are_healthy(suite), HEALTHY_WITHIN_S)
        print(f"all were healthy {took:.1f} s later")
        for container in CONTAINERS:
            assert suite.inspect(container)["RestartCount"] == 1
        said, _ = publisher.communicate(timeout=300)
        assert publisher.returncode == 0, said
    figures = json.loads(said.splitlines()[-1])
    print(figures)
    assert figures["refused"] == 0
    assert figures["accepted"] + figures["duplicate"] >= figures["sent"]
    eventually("all is worked through", suite.settled, 60)
    status = suite.status()
    assert status["dead"] == 0
    assert sum(status["services"]["intake"]["reports"].values()) == ROWS
    verdict = json.loads(suite.tools("verify", "--json"))
    assert verdict["wrong"] == []
    print(verdict["looked_at"])
    inbox = next(s for s in status["streams"] if s["stream"] == "INBOX_BOSTON")
    assert f"inbox boston: {inbox['messages']:,} messages" in verdict["looked_at"]


def _runs(suite: Composed, container: str, killed: int) -> bool:
    return suite.inspect(container)["State"]["Pid"] not in (0, killed)


def _all_are_healthy(suite: Composed) -> bool:
    states = [suite.inspect(container)["State"] for container in CONTAINERS]
    return all(state["Health"]["Status"] == "healthy" for state in states)


def _receipts(suite: Composed) -> int:
    """How many messages of receipts there are; none while NATS does not answer."""
    said = suite.tribune("status", "--json", codes=(0, 1, 4))
    streams = json.loads(said)["streams"] if said else []
    return next((int(s["last_sequence"]) for s in streams if s["stream"] == "RECEIPTS"), 0)
