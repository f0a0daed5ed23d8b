"""The whole half year, replayed once for all tests that look at it."""

import json
import time

import pytest
from city import HalfYear
from real_suite import free_ports, home

ENDS_WITHIN_S = 120


@pytest.fixture(scope="session")
def half_year(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> HalfYear:
    where = home(request, tmp_path_factory.mktemp("half_year"))
    told = tmp_path_factory.mktemp("told") / "stderr"
    demo = where.begin("demo", "--exit", "--json", "--port", str(free_ports()), told=told)
    with demo as process:
        assert process.stdout is not None
        summary = next((line for line in process.stdout if line.startswith("{")), "")
        summed_up = time.monotonic()
        rest, _ = process.communicate(timeout=ENDS_WITHIN_S)
    assert summary, told.read_text()
    assert rest == "", "the summary is the last line"
    after = time.monotonic() - summed_up
    return HalfYear(where, process.returncode, json.loads(summary), told.read_text(), after)
