"""A locked server with the suite's real streams and a user of each kind."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nats.aio.client import Client
from tried_user import Tried, tried

from deploy.embedded.locking import Door, lock_up
from deploy.locks.certificates import Certificates
from deploy.locks.following import stand_ready
from deploy.locks.keyring import Keyring
from deploy.locks.users import OURS
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.credentials import Credentials
from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams
from shared.testing.servers import NatsServer, free_port

SOURCES = ("boston", "chicago")
OUTSIDERS = (("dashboard", "press"), ("dashboard", "radio"), ("staff", "anna"), ("member", "boris"))
WITHOUT_TLS = Door()
EVENT = b'{"made": "up"}'


@dataclass
class Locked:
    server: NatsServer
    keyring: Keyring
    root: Client
    given: dict[str, Credentials]
    websocket_port: int = 0
    clients: dict[str, "Tried"] = field(default_factory=dict)
    ends: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def as_user(self, name: str) -> "Tried":
        if name not in self.clients:
            self.clients[name] = await self.ends.enter_async_context(
                tried(self.server.url, self.given[name])
            )
        return self.clients[name]

    async def log(self) -> dict[str, Any]:
        """All that is in it, and how its streams are declared."""
        answer = await self.root.request("$JS.API.STREAM.LIST", b"", timeout=5)
        streams = json.loads(answer.data)["streams"]
        return {each["config"]["name"]: (each["config"], each["state"]) for each in streams}


@asynccontextmanager
async def locked_server(folder: Path, door: Door = WITHOUT_TLS) -> AsyncIterator[Locked]:
    keyring = Keyring(folder / "keys")
    keyring.complete(SOURCES)
    given = {name: Credentials.read(keyring.creds(name)) for name in OURS}
    given |= {f"source-{s}": Credentials.read(keyring.creds(f"source-{s}")) for s in SOURCES}
    for of, name in OUTSIDERS:
        given[f"{of}-{name}"] = keyring.add(of, name)
    configuration = lock_up(keyring, folder / "store", SOURCES, door)
    server = NatsServer(folder, free_port(), configuration=configuration)
    server.start()
    async with AsyncExitStack() as ends:
        ends.callback(server.stop)
        authority = Certificates(keyring.folder).trusted
        root = await connect(server.url, "root", keyring.root(), authority=authority)
        ends.push_async_callback(root.close)
        await declare(root.jetstream(), suite_streams(dict.fromkeys(SOURCES, InboxLimits(2**20))))
        await stand_ready(root, keyring)
        for subject in ("intake.report.ReportFiled.1.us", "promotion.member.X.1", "public.a.B.us"):
            await root.jetstream().publish(subject, EVENT)
        for subject in ("receipt.boston.accepted", "receipt.chicago.accepted", "inbox.boston.x"):
            await root.jetstream().publish(subject, EVENT)
        for subject in ("told.boston.accepted", "told.chicago.accepted", "bookmark.boston"):
            await root.jetstream().publish(subject, EVENT)
        await asyncio.sleep(0)
        yield Locked(server, keyring, root, given, door.websocket_port, ends=ends)
