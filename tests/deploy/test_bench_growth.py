"""`tribune bench growth` in a small form, and what it says of machines."""

import json
import subprocess
import sys

import pytest

from deploy.bench.limits import Limit, limit

pytestmark = pytest.mark.deep

FIGURES = {
    "nats_empty_mb": 24.0,
    "nats_mb_per_million": 500.0,
    "disk_mb_per_million": 1_000.0,
    "rows_mb_per_million": 48.0,
    "rebuild_s_per_million": 60.0,
    "verify_s_per_million": 180.0,
}


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        [sys.executable, "-P", "-m", "deploy.cli", "bench", "growth", "--json", *arguments],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.mark.deep
def test_the_bench_of_growth_tells_what_a_million_takes() -> None:
    ended = bench("--millions", "0.003")
    assert ended.returncode == 0, ended.stderr
    figures = json.loads(ended.stdout)
    (step,) = figures["steps"]
    assert 3_000 <= step["events"] == figures["events"]
    for name in ("nats_mb", "disk_mb", "rows_mb", "rebuild_s", "verify_s"):
        assert figures[f"{name}_per_million"] > 0, name
    assert step["disk_mb"] > step["inbox_mb"] > 0
    assert step["subjects"] > step["public_subjects"] > 0
    assert step["verify_peak_mb"] > 0
    assert [each["memory_gb"] for each in figures["limits"]] == [8, 64, 256]


@pytest.mark.parametrize(
    ("memory_gb", "millions", "disk_gb", "rebuild_h", "verify_h"),
    [(8, 6.1, 6, 0.1, 0.3), (64, 63.4, 65, 1.1, 3.2), (256, 260.0, 266, 4.3, 13.0)],
)
def test_a_machine_holds_what_fits_into_the_log_servers_share(
    memory_gb: int, millions: float, disk_gb: float, rebuild_h: float, verify_h: float
) -> None:
    found = limit(FIGURES, memory_gb)
    assert found == Limit(memory_gb, millions, disk_gb, rebuild_h, verify_h)


def test_a_disk_that_is_too_small_is_told_before_anything_is_done() -> None:
    ended = bench("--millions", "1000000")
    assert ended.returncode == 1
    assert "1,000,000,000,000 events need" in " ".join(ended.stderr.split())
    assert not ended.stdout
