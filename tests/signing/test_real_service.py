"""The real service: what people sign in with outlives a kill and a lost database, and no log line
has any of it."""

import asyncio
import os
import sys
from pathlib import Path

import httpx
from nats.aio.client import Client
from service_process import ServiceProcess, service_process
from visiting import GOOD, filled, is_in, signed_in, signed_out, signed_up

from shared.testing.servers import NatsServer

STAFF = '[person.ana]\nname = "Ana Ruiz"\nroles = ["operator"]\n'


def charter_in(folder: Path) -> Path:
    charter = folder / "charter"
    charter.mkdir()
    for file in Path("deploy/charter").glob("*.toml"):
        (charter / file.name).write_bytes(file.read_bytes())
    (charter / "staff.toml").write_text(STAFF)
    return charter


def opened(service: ServiceProcess) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{service.port}", follow_redirects=True, trust_env=False
    )


async def tribune(server: NatsServer, *arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "deploy.cli", *arguments),
        env=os.environ | {"TRIBUNE_NATS_URL": server.url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return said.decode()


async def test_signing_in_outlives_a_kill_and_a_lost_database(
    server: NatsServer,
    nats: Client,  # noqa: ARG001  declares the streams
    tmp_path: Path,
) -> None:
    charter = {"TRIBUNE_CHARTER_DIR": str(charter_in(tmp_path))}
    async with service_process("promotion", server, tmp_path, **charter) as service:
        await service.ready()
        async with opened(service) as visitor:
            number = await signed_up(visitor)
            assert await is_in(visitor)
        said = await tribune(server, "staff", "invite", "ana", "--reason", "Begins on Monday")
        word = said.splitlines()[1].strip()
        assert "staff/join?who=ana" in said
        refused = await tribune(server, "staff", "invite", "eve", "--reason", "Begins, too")
        assert "the charter's staff.toml has no eve" in refused
        service.process.kill()
        await service.process.wait()
        log = service.said
    for path in tmp_path.glob("promotion.db*"):
        path.unlink()
    async with service_process("promotion", server, tmp_path, **charter) as service:
        await service.ready()
        async with opened(service) as again:
            again.cookies.update(visitor.cookies)
            assert await is_in(again), "its key is the same, so its sessions are"
            await signed_out(again)
            assert (await signed_in(again, number)).status_code == 200
            page = await filled(
                again, "/staff/join?who=ana", "/staff/join", word=word, fresh=GOOD, again=GOOD
            )
            assert 'id="seed"' in page.text
        log += service.said
    for secret in (GOOD, number, number.replace(" ", ""), word, "argon2"):
        assert secret not in log
