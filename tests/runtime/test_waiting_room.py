"""A service that waits for what it stands on says so wherever one asks, and then gives way."""

import shutil
from pathlib import Path

import httpx
import pytest
from nats.aio.client import Client
from real_suite import until
from service_process import ServiceProcess, service_process

from deploy.asking import ask_all
from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams
from shared.runtime.ports import free_port
from shared.runtime.settings import PROJECT
from shared.testing.servers import NatsServer

pytestmark = pytest.mark.deep

NOWHERE = "postgresql://intake@127.0.0.1:1/intake"
DATABASE_AWAY = (
    "waits for its database: intake's database intake on 127.0.0.1:1 does not answer"
    " (Connection refused)"
)


async def says(service: ServiceProcess, reason: str) -> None:
    async def told() -> bool:
        code, said = await service.readyz()
        return code == httpx.codes.SERVICE_UNAVAILABLE and said["reasons"][0].startswith(reason)

    await until(told, f"/readyz says: {reason}")


async def test_without_nats_it_says_so_until_it_is_there(tmp_path: Path) -> None:
    server = NatsServer(tmp_path, free_port())
    async with service_process("intake", server, tmp_path) as service:
        await says(service, "waits for NATS: NATS does not answer")
        async with httpx.AsyncClient(trust_env=False) as http:
            page = await http.get(f"http://127.0.0.1:{service.port}/checks")
            assert page.status_code == 503
            assert "<h1>Not ready yet</h1>" in page.text
        server.start()
        try:
            await says(service, "the streams are not there yet")
        finally:
            server.stop()


async def test_without_its_database_it_says_so_to_who_asks_by_nats_too(
    server: NatsServer, nats: Client, tmp_path: Path
) -> None:
    await declare(nats.jetstream(), suite_streams({"boston": InboxLimits()}))
    environment = {"TRIBUNE_DATABASE_URL": NOWHERE, "TRIBUNE_INSTANCE": "intake-1"}
    async with service_process("intake", server, tmp_path, **environment) as service:
        await says(service, DATABASE_AWAY)
        (said,) = await ask_all(nats, "intake")
        assert (said["instance"], said["troubles"]) == ("intake-1", [DATABASE_AWAY])
        service.process.terminate()
        assert await service.ended() == 0


async def test_asked_to_end_while_nats_is_away_it_ends(tmp_path: Path) -> None:
    async with service_process("intake", NatsServer(tmp_path, free_port()), tmp_path) as service:
        try:
            await says(service, "waits for NATS")
            service.process.terminate()
            assert await service.ended() == 0
        finally:
            if service.process.returncode is None:
                service.process.kill()


async def test_it_says_so_in_the_language_of_the_charter(tmp_path: Path) -> None:
    charter = Path(shutil.copytree(PROJECT / "deploy" / "charter", tmp_path / "charter"))
    (charter / "body.toml").write_text('name = "Tribune de Paris"\nlanguage = "fr"\n')
    server = NatsServer(tmp_path, free_port())
    in_french = {"TRIBUNE_CHARTER_DIR": str(charter)}
    async with service_process("intake", server, tmp_path, **in_french) as service:
        await says(service, "waits for NATS: NATS does not answer")
        async with httpx.AsyncClient(trust_env=False) as http:
            page = await http.get(f"http://127.0.0.1:{service.port}/")
    assert "<h1>Pas encore prêt</h1>" in page.text
    assert '<html lang="fr" dir="ltr">' in page.text
