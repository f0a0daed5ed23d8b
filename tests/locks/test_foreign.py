"""NATS's own client in Node, with a dashboard's credentials, by TCP and by WebSocket, with TLS."""

import asyncio
import json
import os
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

import pytest
from foreign_program import fetched, judged
from locked import Locked, locked_server

from deploy.embedded.locking import Door
from deploy.locks.certificates import Certificates
from shared.testing.servers import free_port


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fetched(tmp_path_factory.mktemp("node")) / "dashboard.mjs"


async def tells(program: Path, locked: Locked, url: str, folder: Path) -> list[dict[str, Any]]:
    """What it prints; one event is published once it says that it follows."""
    creds = folder / "press.creds"
    creds.write_text(locked.given["dashboard-press"].written())
    events = (await locked.log())["PUBLIC"][1]["messages"]
    trust = {"NODE_EXTRA_CA_CERTS": str(Certificates(locked.keyring.folder).authority)}
    process = await asyncio.create_subprocess_exec(
        *["node", str(program), url, str(creds), "dashboard-press", str(events)],
        stdout=PIPE,
        stderr=PIPE,
        env=os.environ | trust,
    )
    said: list[dict[str, Any]] = []
    assert process.stdout is not None
    async with asyncio.timeout(60):
        async for line in process.stdout:
            said.append(json.loads(line))
            if "follows" in said[-1]:
                await locked.root.jetstream().publish("public.live.B.us", b"now")
        assert process.stderr is not None
        wrong = (await process.stderr.read()).decode()
        assert await process.wait() == 0, wrong
    return said


@pytest.mark.timeout(180)
async def test_it_reads_from_the_first_event_follows_and_can_do_nothing_else(
    program: Path, tmp_path: Path
) -> None:
    async with locked_server(tmp_path, Door(free_port(), tls=True)) as locked:
        url, wss = locked.server.url, f"wss://localhost:{locked.websocket_port}"
        before = await locked.log()
        events = before["PUBLIC"][1]["messages"]
        judged(await tells(program, locked, url, tmp_path), events)
        judged(await tells(program, locked, wss, tmp_path), events + 1)
        after = await locked.log()
        changed = {name for name in after if after[name][1] != before[name][1]}
    assert changed == {"PUBLIC"}
    assert after["PUBLIC"][1]["messages"] == events + 2
    assert after["PUBLIC"][1]["consumer_count"] == before["PUBLIC"][1]["consumer_count"]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("who", ["intake", "operator", "setup"])
async def test_our_own_do_not_come_by_websocket(program: Path, tmp_path: Path, who: str) -> None:
    """Whoever has stolen their credentials has to come to where NATS listens for us."""
    async with locked_server(tmp_path, Door(free_port(), tls=True)) as locked:
        locked.given["dashboard-press"] = locked.given[who]
        with pytest.raises(AssertionError, match=r"(?i)authorization"):
            await tells(program, locked, f"wss://localhost:{locked.websocket_port}", tmp_path)
