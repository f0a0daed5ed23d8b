"""NATS's own client in Node, with a dashboard's credentials, by TCP and by WebSocket with TLS."""

import asyncio
import json
import os
import shutil
import subprocess
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

import pytest
from locked import Locked, locked_server

HERE = Path(__file__).with_name("foreign")

pytestmark = pytest.mark.skipif(
    shutil.which("npm") is None or shutil.which("openssl") is None, reason="there is no npm"
)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = shutil.copytree(HERE, tmp_path_factory.mktemp("node") / "foreign")
    quiet = ["npm", "ci", "--no-audit", "--no-fund", "--silent"]
    done = subprocess.run(quiet, cwd=folder, check=False, capture_output=True)  # noqa: S603
    if done.returncode:
        pytest.skip("npm can't install")
    return folder / "dashboard.mjs"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("tls")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    asked = (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost"
    )
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    files = ["-keyout", str(key), "-out", str(certificate)]
    command = ["openssl", *asked.split(), *names, *files]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    return certificate, key


async def tells(
    program: Path, locked: Locked, url: str, folder: Path, authority: Path | None = None
) -> list[dict[str, Any]]:
    """What it prints; one event is published once it says that it follows."""
    creds = folder / "press.creds"
    creds.write_text(locked.given["dashboard-press"].written())
    events = (await locked.log())["PUBLIC"][1]["messages"]
    trust = {"NODE_EXTRA_CA_CERTS": str(authority)} if authority else {}
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


def judged(said: list[dict[str, Any]], events: int) -> None:
    first, again, _, live, *acts = said
    assert first["first"] == again["again"] == list(range(1, events + 1))
    assert live == {"live": "now", "subject": "public.live.B.us"}
    assert len(acts) == 17
    assert [act for act in acts if not act["refused"]] == []


@pytest.mark.timeout(180)
async def test_it_reads_from_the_first_event_follows_and_can_do_nothing_else(
    program: Path, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    async with locked_server(tmp_path, certificate) as locked:
        url, wss = locked.server.url, f"wss://localhost:{locked.websocket_port}"
        before = await locked.log()
        events = before["PUBLIC"][1]["messages"]
        judged(await tells(program, locked, url, tmp_path), events)
        judged(await tells(program, locked, wss, tmp_path, certificate[0]), events + 1)
        after = await locked.log()
        changed = {name for name in after if after[name][1] != before[name][1]}
    assert changed == {"PUBLIC"}
    assert after["PUBLIC"][1]["messages"] == events + 2
    assert after["PUBLIC"][1]["consumer_count"] == before["PUBLIC"][1]["consumer_count"]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("who", ["intake", "operator", "setup"])
async def test_our_own_do_not_come_by_websocket(
    program: Path, certificate: tuple[Path, Path], tmp_path: Path, who: str
) -> None:
    """Whoever has stolen their credentials has to come to where NATS listens for us."""
    async with locked_server(tmp_path, certificate) as locked:
        locked.given["dashboard-press"] = locked.given[who]
        with pytest.raises(AssertionError, match=r"(?i)authorization"):
            await tells(
                program,
                locked,
                f"wss://localhost:{locked.websocket_port}",
                tmp_path,
                certificate[0],
            )
