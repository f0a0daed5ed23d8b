"""A locked server with the suite's real streams and a user of each kind; and acts to be tried."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nats
from nats.aio.client import Client

from deploy.embedded.locking import Door, lock_up
from deploy.locks.certificates import Certificates
from deploy.locks.following import stand_ready
from deploy.locks.keyring import Keyring
from deploy.locks.users import OURS
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.credentials import Credentials, callbacks
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


@dataclass
class Tried:
    """A user's connection; `violations` are what the server refused."""

    client: Client
    violations: list[str] = field(default_factory=list)

    async def ask(
        self, subject: str, body: bytes = b"", reply: str = "", **headers: str
    ) -> list[bytes]:
        """What the server answers until it has worked through all that we said before."""
        inbox, answers = self.client.new_inbox(), []
        subscription = await self.client.subscribe(inbox)
        await self.client.publish(subject, body, reply or inbox, headers=headers or None)
        await self.client.flush()
        while not self.violations and not reply:
            try:
                message = await subscription.next_msg(0.5 if not answers else 0.05)
            except (TimeoutError, nats.errors.TimeoutError):
                break
            status = (message.headers or {}).get("Status", "")
            answers.append(f"status {status}".encode() if status else message.data)
        await subscription.unsubscribe()
        return answers


@asynccontextmanager
async def tried(url: str, credentials: Credentials) -> AsyncIterator[Tried]:
    violations: list[str] = []

    async def note(error: Exception) -> None:
        violations.append(str(error))

    jwt, sign = callbacks(credentials)
    client = await nats.connect(
        url,
        user_jwt_cb=jwt,
        signature_cb=sign,
        error_cb=note,
        allow_reconnect=False,
        max_reconnect_attempts=1,
    )
    try:
        yield Tried(client, violations)
    finally:
        await client.close()


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
