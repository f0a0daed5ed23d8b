"""Each container's process is killed while events come in; all comes back, nothing is lost."""

import json

import pytest
from composed import CONTAINERS, Composed, eventually

pytestmark = pytest.mark.compose

ROWS = 20_000
BACK_WITHIN_S = 60


def test_whatever_is_killed_while_publishing_comes_back_and_nothing_is_lost(
    suite: Composed,
) -> None:
    suite.compose("down", "--volumes")
    suite.compose("up", "--detach", "--wait")
    with suite.publishing(str(suite.part(ROWS))) as publisher:
        for container in CONTAINERS:
            before = suite.inspect(container)["RestartCount"]
            pid = suite.kill(container)
            assert publisher.poll() is None, "it was killed too late: all was published before"
            took = eventually(
                f"{container} is back", lambda c=container, p=pid: _back(suite, c, p), BACK_WITHIN_S
            )
            assert suite.inspect(container)["RestartCount"] == before + 1
            print(f"{container} was healthy again after {took:.1f} s")
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


def _back(suite: Composed, container: str, killed: int) -> bool:
    state = suite.inspect(container)["State"]
    return bool(state["Pid"] not in (0, killed) and state["Health"]["Status"] == "healthy")
