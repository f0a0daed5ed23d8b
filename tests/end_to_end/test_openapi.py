"""What the OpenAPI documents of the services say can be asked is asked, by schemathesis: no 5xx."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from real_suite import CHARTER, Home, free_ports, home, started

from deploy.embedded import Suite

schemathesis = pytest.importorskip("schemathesis", reason="make deep-tools installs it")

pytestmark = pytest.mark.deep

SERVICES = ("publishing", "intake", "promotion")
OF_EACH = 40
FAULTS = 500


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    return home(request, tmp_path / "suite", TRIBUNE_REQUESTS_EACH_S="100000")


async def test_nothing_that_can_be_asked_is_a_fault_of_ours(where: Home) -> None:
    suite = Suite(where.data_dir, CHARTER, free_ports(), "wall", environment=where.environment)
    async with started(suite):
        key = (await asyncio.to_thread(where.tribune, "key", "add", "boston")).stdout.strip()
        bearer = {"Authorization": f"Bearer {key}"}
        for service in SERVICES:
            base = f"http://127.0.0.1:{suite.service_port(service)}"
            asked = await asyncio.to_thread(_ask, base, bearer if service == "intake" else {})
            assert asked, service


def _ask(base: str, headers: dict[str, str]) -> int:
    """Each operation with good and bad values; how often it was asked."""
    schema = schemathesis.openapi.from_url(f"{base}/openapi.json")
    faults: list[str] = []
    asked = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        cases: st.SearchStrategy[Any] = st.one_of(
            operation.as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode
        )

        @given(cases)
        @settings(
            max_examples=OF_EACH,
            database=None,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def ask(case: Any) -> None:
            nonlocal asked
            asked += 1
            answer = case.call(base_url=base, headers=headers, timeout=30)
            if answer.status_code >= FAULTS:
                faults.append(f"{answer.status_code} {case.method} {case.path}")

        ask()
    assert not faults, sorted(set(faults))
    return asked
