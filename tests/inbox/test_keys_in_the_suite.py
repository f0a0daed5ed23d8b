"""The locked suite, two of intake: keys from the command line, the examples of the page word for
word, and a death between the log and the answer."""

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from files_made import photograph
from over_http import BATCH, envelope
from real_suite import CHARTER, free_ports, until
from typer.testing import CliRunner, Result

from deploy.cli import app
from deploy.embedded import Suite, running
from shared.eventsourcing.jetstream.connection import connect
from shared.runtime.settings import PROJECT

pytestmark = pytest.mark.asyncio(loop_scope="module")

PAGE = (PROJECT / "docs" / "upstream.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"<!-- run: (\w+) -->\n```sh\n(.*?)```(?:.*?)```json\n(.*?)```", re.DOTALL)
DYING = Path(__file__).with_name("dying")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def suite(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Suite]:
    folder = tmp_path_factory.mktemp("suite")
    dies = {
        "PYTHONPATH": os.pathsep.join([str(DYING), str(Path.cwd())]),
        "DIES_WHERE": str(folder / "death"),
    }
    made = Suite(folder, CHARTER, free_ports(), services=("intake",), replicas=2, environment=dies)
    async with running(made) as found:
        yield found


async def tribune(suite: Suite, *arguments: str) -> Result:
    where = ("--data-dir", str(suite.data_dir))
    return await asyncio.to_thread(CliRunner().invoke, app, ["key", *arguments, *where])


async def sent(suite: Suite, key: str, body: Any, part: str = "intake-1") -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        return await client.post(
            f"http://127.0.0.1:{suite.ports[part]}/events",
            content=json.dumps(body),
            headers={"Authorization": f"Bearer {key}", "Content-Type": BATCH},
        )


def alike(found: Any, wanted: Any) -> bool:
    """`…` stands for whatever may be there."""
    if wanted == "…":
        return True
    if isinstance(wanted, dict):
        return found.keys() == wanted.keys() and all(alike(found[k], wanted[k]) for k in wanted)
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(alike, found, wanted))
    return bool(found == wanted)


def examples() -> Iterator[tuple[str, str, Any]]:
    for name, command, answer in EXAMPLE.findall(PAGE):
        yield name, command, json.loads(answer.replace("\n", ""))


async def run(command: str, variables: dict[str, str]) -> Any:
    process = await asyncio.create_subprocess_exec(
        *("bash", "-c", command), env=os.environ | variables, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    return json.loads(said)


async def test_the_examples_of_the_page_answer_what_stands_there(suite: Suite) -> None:
    key = (await tribune(suite, "add", "boston")).stdout.strip()
    photo = suite.data_dir / "photo"
    photo.write_bytes(photograph((64, 48), kind="PNG"))
    site = f"http://127.0.0.1:{suite.ports['intake-1']}"
    variables = {"TRIBUNE": site, "KEY": key, "PHOTO": str(photo)}
    names = [name for name, *_ in examples()]
    assert names == ["binary", "receipt", "structured", "code", "batch", "files", "open311"]
    for name, command, wanted in examples():
        found = await run(command, variables)
        while isinstance(found, dict) and found.get("state") == "waiting":
            found = await run(command, variables)
        assert alike(found, wanted), (name, found)
    assert (await tribune(suite, "revoke", "boston")).exit_code == 0


async def test_keys_count_at_once_and_in_every_replica(suite: Suite) -> None:
    added = await tribune(suite, "add", "boston", "--scope", "report.submitted", "--rate", "500/s")
    key = added.stdout.strip()
    assert re.fullmatch("tribune_[0-9A-Za-z]{46}", key), added.output
    (row,) = [r for r in await listed(suite) if r["state"] == "good"]
    assert (row["source"], row["kinds"], row["each_s"]) == ("boston", ["report.submitted"], 500)
    await until_status(suite, key, 200)
    fresh = (await tribune(suite, "rotate", row["id"])).stdout.strip()
    await until_status(suite, key, 401)
    await until_status(suite, fresh, 200)
    assert (await tribune(suite, "revoke", "boston")).exit_code == 0
    await until_status(suite, fresh, 401)
    nobody = await tribune(suite, "add", "springfield")
    assert nobody.exit_code == 2
    assert "no source springfield" in nobody.output
    assert (await tribune(suite, "revoke", "boston")).exit_code == 2
    told = "".join(path.read_text(errors="replace") for path in suite.data_dir.glob("*.log"))
    for secret in (key, fresh):
        assert secret[8:48] not in told


async def test_who_dies_before_the_answer_loses_and_doubles_nothing(suite: Suite) -> None:
    key = (await tribune(suite, "add", "boston")).stdout.strip()
    await until_status(suite, key, 200)
    batch = [envelope(f"death-{each}", filed_at="2026-03-04T12:00:00Z") for each in range(40)]
    before = await ends(suite)
    (suite.data_dir / "death").touch()
    with pytest.raises(httpx.HTTPError):
        await sent(suite, key, batch)
    again = await sent(suite, key, batch, "intake-2")
    assert again.status_code == 202, again.text

    async def all_is_taken_in() -> bool:
        return await ends(suite) >= before + len(batch)

    await until(all_is_taken_in, "the reports are in the log")
    where = again.json()[-1]["receipt"]
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:

        async def answered() -> bool:
            address = f"http://127.0.0.1:{suite.ports['intake-2']}{where}"
            told = await client.get(address, headers={"Authorization": f"Bearer {key}"})
            return told.json()["state"] == "accepted"

        await until(answered, "the last has its receipt")
    assert await ends(suite) == before + len(batch)


async def ends(suite: Suite) -> int:
    client = await connect(suite.nats_url, "test", suite.keys.root())
    try:
        return int((await client.jetstream().stream_info("INTAKE")).state.last_seq)
    finally:
        await client.close()


async def listed(suite: Suite) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((await tribune(suite, "list", "--json")).stdout)
    return found


async def until_status(suite: Suite, key: str, status: int) -> None:
    async def holds() -> bool:
        found = [await sent(suite, key, [], part) for part in ("intake-1", "intake-2")]
        return [each.status_code for each in found] == [status, status]

    await until(holds, f"{status} in each")
