"""The log in partitions on three servers: one dies, and what it acknowledged is there."""

import pytest

from deploy.bench import BENCHES

pytestmark = pytest.mark.deep


@pytest.mark.deep
async def test_what_was_acknowledged_is_there_after_a_server_died(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("deploy.bench.cluster.LAYOUTS", ((3, 1, True), (3, 3, True)))
    monkeypatch.setattr("deploy.bench.cluster.BATCH", 20)
    figures = await BENCHES["cluster"](events=600)
    assert figures["events"] == 600
    for copies in (1, 3):
        found = figures[f"3 x R{copies}, one killed"]
        assert found["missing"] == 0
        assert len(found["stood_still_s"]) == len(found["memory_mb"]) == 3
