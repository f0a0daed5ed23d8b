"""In the real suite the site has no release key and asks for nothing inside."""

import os
import signal
from pathlib import Path

import httpx
import pytest
from commitments import made, march
from real_suite import KEYS, Home, home, until
from up_process import Up, up

from deploy.connecting import connected
from deploy.feeding.publish import publish

SECRET = KEYS["TRIBUNE_RELEASE_KEY"]


async def say_nothing(_: int) -> None: ...


def environment_of(pid: int) -> dict[str, str]:
    given = Path(f"/proc/{pid}/environ").read_bytes().decode().split("\0")
    return dict(line.split("=", 1) for line in given if "=" in line)


async def page_of(suite: Up) -> str:
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        return (await http.get(f"http://127.0.0.1:{suite.facts['port']}/")).text


async def public(where: Home, name: str) -> None:
    """A commitment that is public, sent as a source does, and seen in PUBLIC."""
    async with connected(where.data_dir) as suite, where.log() as client:
        before = (await client.jetstream().stream_info("PUBLIC")).state.messages
        await publish(client, "boston", [made(name, march(10), march(1))], say_nothing)

        async def is_there() -> bool:
            info = await suite.client.jetstream().stream_info("PUBLIC")
            return info.state.messages > before

        await until(is_there, f"{name} is published")


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="asks Linux")
@pytest.mark.deep
async def test_the_site_knows_no_release_key_and_the_gate_comes_back(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    where = home(request, tmp_path / "suite", **KEYS)
    async with up(where) as suite:
        await suite.runs()
        await public(where, "roads")
        for part, pid in suite.pids.items():
            knows = SECRET in environment_of(pid).get("TRIBUNE_RELEASE_KEY", "")
            assert knows == (part == "gate-1"), part
        killed = suite.pids["gate-1"]
        os.kill(killed, signal.SIGKILL)

        async def is_back() -> bool:
            return suite.pids.get("gate-1", killed) != killed

        await until(is_back, "it is started again")
        await public(where, "lamps")

        async def nothing_is_said() -> bool:
            return '<div id="standing" role="status" data-part>\n</div>' in await page_of(suite)

        await until(nothing_is_said, "the page calls itself the whole again")
        told = (where.data_dir / "nats.log").read_text()
    assert "Permissions Violation" not in told, "nobody asked for what he may not"
    assert not (where.data_dir / "release.key").exists(), "what is given is not written down"
