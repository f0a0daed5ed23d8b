"""`--replicas 2`: two processes of every service on one machine, and each loop has one owner."""

import asyncio
import json
import socket
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from real_suite import ON_POSTGRES, Home, home, until
from up_process import up

from deploy.embedded import Suite
from deploy.programs import PROGRAMS, SERVICES
from shared.runtime.door_settings import INNER_FROM_OUTER, PORTS
from shared.runtime.ports import free_port

pytestmark = pytest.mark.deep

PROCESSES = {f"{service}-{number}" for service in PROGRAMS for number in (1, 2)}
OWNED = {
    "intake": {
        *("inbox boston", "words in inboxes", "receipts boston"),
        *("projections", "reaction duplicates", "reaction handovers", "sweep"),
        *("reaction checkers", "reaction checking", "reaction shields", "reaction petitions"),
        "reaction questions",
        *("files", "public files", "list of erasures"),
    },
    "promotion": {
        *("projections", "reaction acts", "reaction credits", "sweep"),
        *("reaction owed", "reaction qualifications-ended", "reaction registers"),
    },
    "publishing": {"projections", "sweep"},
    "gate": {
        *("relay public-intake", "relay public-promotion", "relay public-publishing"),
        "relay public-released",
    },
}


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    return home(request, tmp_path / "suite")


async def replicas_of(where: Home) -> dict[str, list[dict[str, Any]]]:
    said = await asyncio.to_thread(where.tribune, "status", "--json")
    assert said.returncode == 0, said.stdout + said.stderr
    return {name: one["replicas"] for name, one in json.loads(said.stdout)["services"].items()}


def stands_by(replicas: list[dict[str, Any]]) -> Counter[str]:
    return Counter(loop for one in replicas for loop in one["standby"])


async def test_every_service_runs_twice_under_names_that_stay(where: Home) -> None:
    async with up(where, "--replicas", "2") as suite:
        await suite.runs()
        assert suite.pids.keys() == {"nats"} | PROCESSES
        ports, first = suite.facts["ports"], suite.facts["port"]
        inner = suite.facts["inner"]
        assert inner.keys() == PROCESSES
        assert ports.keys() == PROCESSES - {"gate-1", "gate-2"}, "it has an inner door only"
        assert len({*ports.values(), *inner.values()}) == len(ports) + len(inner)
        for service in SERVICES:
            assert ports[f"{service}-1"] == first + PORTS[service] - PORTS["publishing"]

        async def each_loop_has_one_owner() -> bool:
            found = await replicas_of(where)
            return all(stands_by(found[name]) == Counter(OWNED[name]) for name in PROGRAMS)

        await until(each_loop_has_one_owner, "one of two stands by for each loop")
        found = await replicas_of(where)
        names = {one["instance"] for replicas in found.values() for one in replicas}
        assert names == PROCESSES
        async with httpx.AsyncClient(trust_env=False) as http:
            for port in inner.values():
                answer = await http.get(f"http://127.0.0.1:{port}/readyz")
                assert (answer.status_code, answer.json()["reasons"]) == (200, [])
    paths = [where.data_dir, *where.data_dir.rglob("*")]
    assert [path for path in paths if path.lstat().st_mode & 0o077] == [], "ours alone"
    logs = {path.stem for path in where.data_dir.glob("*.log")}
    assert logs - {"up"} == {"nats"} | PROCESSES
    if not ON_POSTGRES:
        databases = {path.stem for path in where.data_dir.glob("*.db")}
        assert databases == {*SERVICES, "promotion-secrets", "publishing-secrets", "vault"}, (
            "replicas share all of it"
        )


def test_a_port_that_somebody_took_meanwhile_is_left_to_them(tmp_path: Path) -> None:
    suite = Suite(tmp_path, replicas=2)
    port = suite.port_of("intake-2")
    assert suite.port_of("intake-2") == port, "else it is the process's own"
    with socket.create_server(("127.0.0.1", port)):
        assert suite.port_of("intake-2") != port


def test_an_inner_port_that_somebody_has_is_left_to_them(tmp_path: Path) -> None:
    suite = Suite(tmp_path, port=free_port())
    usual = suite.service_port("publishing") + INNER_FROM_OUTER
    with socket.create_server(("127.0.0.1", usual)):
        assert suite.inner_port_of("publishing-1") != usual
    assert Suite(tmp_path, port=suite.port).inner_port_of("publishing-1") == usual


def test_the_first_process_has_the_usual_port_whatever_comes(tmp_path: Path) -> None:
    suite = Suite(tmp_path, port=8000, replicas=2)
    assert [suite.port_of(f"{service}-1") for service in SERVICES] == [8001, 8002, 8000]


@pytest.mark.parametrize("number", ["0", "ten"])
def test_any_other_number_is_refused(where: Home, number: str) -> None:
    said = where.tribune("up", "--replicas", number)
    assert said.returncode == 2
    assert "--replicas" in said.stderr
