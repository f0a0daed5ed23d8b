"""Two inspectors on one report see each other, each at another replica of intake, in a suite with
locks."""

import asyncio
import shutil
from base64 import b32decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from commitments import filed
from real_suite import CHARTER, Home, free_ports, home, started
from visiting import GOOD, code_of, filled, sent

from deploy.embedded import Suite
from deploy.feeding.publish import publish
from deploy.looking.reading import messages
from shared.contracts.identity import aggregate_id

pytestmark = pytest.mark.deep

NAMES = {"ina": "Ina Lund", "eva": "Eva Lind"}
STAFF = "".join(f'[person.{who}]\nname = "{NAMES[who]}"\nroles = ["inspector"]\n' for who in NAMES)
REPORT = f"/desk/{aggregate_id('report', 'boston', 'one')}"
HERE = "looks at this report, too."
WITHIN_S = 60
SETTLES_S = 2
"""What she does herself stirs her own page, too; that is over then."""


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    return home(request, tmp_path / "suite")


@pytest.fixture
def suite(where: Home, tmp_path: Path) -> Suite:
    charter = tmp_path / "charter"
    shutil.copytree(CHARTER, charter)
    (charter / "staff.toml").write_text(STAFF)
    return Suite(
        *(where.data_dir, charter, free_ports()),
        replicas=2,
        services=("intake", "promotion"),
        environment=where.environment,
    )


def at(suite: Suite, process: str) -> str:
    return f"http://127.0.0.1:{suite.ports[process]}"


@asynccontextmanager
async def staff(
    where: Home, suite: Suite, who: str, number: int
) -> AsyncIterator[httpx.AsyncClient]:
    """Joins at promotion; whoever has signed in is known to each replica of intake."""
    said = await asyncio.to_thread(
        where.tribune, "staff", "invite", who, "--reason", "Begins on Monday"
    )
    assert said.returncode == 0, said.stderr
    fields = {"word": said.stdout.splitlines()[1].strip(), "fresh": GOOD, "again": GOOD}
    async with httpx.AsyncClient(
        base_url=at(suite, "promotion-1"), follow_redirects=True, trust_env=False, timeout=30
    ) as door:
        page = await filled(door, f"/staff/join?who={who}", "/staff/join", **fields)
        seed = b32decode(page.text.split('id="seed">')[1].split("<")[0].replace(" ", ""))
        await sent(door, page, "/staff/code", code=code_of(seed))
    desk = httpx.AsyncClient(base_url=at(suite, f"intake-{number}"), trust_env=False, timeout=30)
    async with desk:
        desk.cookies.update(door.cookies)
        yield desk


async def page(desk: httpx.AsyncClient, says: str = "") -> str:
    """Once it is there and says that; a login is heard of from the log."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            answer = await desk.get(REPORT)
            if answer.status_code == httpx.codes.OK and says in answer.text:
                return answer.text
            await asyncio.sleep(0.1)


async def told(desk: httpx.AsyncClient, opened: asyncio.Event) -> None:
    """Until the open page is told of a change after its first word."""
    changes = 0
    async with asyncio.timeout(WITHIN_S), desk.stream("GET", f"{REPORT}/live") as stream:
        async for line in stream.aiter_lines():
            changes += line == "event: changed"
            opened.set()
            if changes > 1:
                return


async def say_nothing(_: int) -> None: ...


async def test_who_is_at_one_replica_sees_who_comes_to_the_other(where: Home, suite: Suite) -> None:
    async with started(suite) as client:
        await publish(client, "boston", [filed("one", "boston")], say_nothing)
        async with staff(where, suite, "ina", 1) as ina, staff(where, suite, "eva", 2) as eva:
            assert HERE not in await page(ina)
            opened = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                group.create_task(told(ina, opened))
                await opened.wait()
                await asyncio.sleep(SETTLES_S)
                assert f"{NAMES['ina']} {HERE}" in await page(eva, HERE)
            assert f"{NAMES['eva']} {HERE}" in await page(ina, HERE)
        kept = [each.body async for each in messages(client, "INTAKE")]
        assert kept
        assert not [body for body in kept if b'"ina"' in body or b'"eva"' in body]
