"""The real service makes its key for itself alone, and operators end one that was stolen."""

import asyncio
import stat
from pathlib import Path
from typing import Any

import httpx
from nats.aio.client import Client
from service_process import service_process
from test_real_service import tribune

from shared.eventsourcing.codec import Codec
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.testing.examples import ISSUER_KEY_ANNOUNCED, new_event
from shared.testing.servers import NatsServer

STOLEN = ISSUER_KEY_ANNOUNCED.key_id
END = ("credentials", "end-key", STOLEN, "--reason", "It was copied")


async def keys_at(port: int, number: int) -> list[dict[str, Any]]:
    """Once there are so many."""
    address = f"http://127.0.0.1:{port}/.well-known/jwks.json"
    async with httpx.AsyncClient(trust_env=False) as anybody, asyncio.timeout(30):
        while True:
            keys: list[dict[str, Any]] = (await anybody.get(address)).json()["keys"]
            if len(keys) == number:
                return keys
            await asyncio.sleep(0.02)


async def test_a_stolen_key_is_ended_by_an_operator(
    server: NatsServer, nats: Client, tmp_path: Path
) -> None:
    where = {"TRIBUNE_PUBLIC_URL": "https://tribune.test"}
    async with service_process("promotion", server, tmp_path, **where) as service:
        await service.ready()
        (path,) = tmp_path.rglob("credential.key")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        key = AggregateKey("promotion", "issuer-key", STOLEN)
        announced = Append(key, 0, [new_event(ISSUER_KEY_ANNOUNCED)])
        await JetStreamEventStore(nats, Codec()).append([announced])
        keys = await keys_at(service.port, 2)
        assert keys[1]["kid"] == f"did:web:tribune.test%3A8002#{STOLEN}"
        assert "good for what it signed" in await tribune(server, "credentials", "keys")
        assert "is ended" in await tribune(server, *END)
        await keys_at(service.port, 1)
        assert path.read_text() not in service.said
