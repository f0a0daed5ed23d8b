"""A NATS server in a folder of its own, and real upstream events to feed it with."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.embedded import Suite, running
from deploy.feeding.demo import FILE, MAPPING
from deploy.feeding.tables import read_rows
from services.intake.app import CATEGORIES
from services.intake.translate import translator
from shared.eventsourcing.codec import PLAIN, Codec
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.digests import Digests
from shared.eventsourcing.inbox.serve import Inbox
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.connection import Client, connect
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams
from shared.mapping import Mapping, UpstreamEvent, in_batches
from shared.runtime.charter import Charter, read_charter
from shared.runtime.clock import Clock
from shared.runtime.ports import free_port
from shared.runtime.settings import Settings

BATCH = 500
SOURCE = "boston"


def cpu_s(process: int) -> float:
    """What it has taken so far, with all its threads."""
    told = Path(f"/proc/{process}/stat").read_text()
    fields = told.rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Laboratory:
    client: Client
    folder: Path
    suite: Suite
    charter: Charter
    codec: Codec = PLAIN

    def handler(self, clock: Clock | None = None) -> CommandHandler:
        return CommandHandler(self.store(), CATEGORIES, (clock or Clock()).now)

    def store(self) -> JetStreamEventStore:
        return JetStreamEventStore(self.client, self.codec)

    def inbox(self, handler: CommandHandler) -> Inbox:
        charter = self.charter
        translate = translator(
            charter.places, charter.sectors, charter.public_sources, charter.trusted_sources
        )
        now = Clock().now
        digests = Digests(b"a key for a laboratory")
        return Inbox(self.client, "intake", SOURCE, handler, translate, lambda _: now(), digests)

    def cpu_s(self, part: str) -> float:
        """What a process of the suite has taken so far: `nats`, or a service and its number."""
        return cpu_s(self.suite.pids[part])

    async def send(self, events: list[UpstreamEvent]) -> None:
        publisher = Publisher(self.client)
        for batch in in_batches(events, BATCH):
            await publisher.publish([event.outgoing() for event in batch])

    async def take_in(self, handler: CommandHandler) -> None:
        """Until every message of the inbox has its receipt."""
        inbox = self.inbox(handler)
        end = (await self.client.jetstream().stream_info(inbox.stream)).state.last_seq
        running_inbox = asyncio.create_task(inbox.run())
        while inbox.position < end and not running_inbox.done():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        running_inbox.cancel()
        results = await asyncio.gather(running_inbox, return_exceptions=True)
        if inbox.position < end:
            raise RuntimeError("the inbox stopped before its end") from results[0]


@asynccontextmanager
async def laboratory(services: tuple[str, ...] = ()) -> AsyncIterator[Laboratory]:
    with TemporaryDirectory(prefix="tribune-bench-") as folder:
        async with opened(Path(folder), services) as lab:
            yield lab


@asynccontextmanager
async def opened(
    folder: Path, services: tuple[str, ...] = (), inbox: InboxLimits | None = None
) -> AsyncIterator[Laboratory]:
    """With what the folder holds from before; `inbox` is what one may hold, unless the usual."""
    charter_dir = Settings().charter_dir.resolve()
    suite = Suite(folder, charter_dir, port=free_port(neighbours=2), services=services)
    async with running(suite):
        charter = read_charter(charter_dir)
        client = await connect(suite.nats_url, "bench", suite.keys.root())
        try:
            limits = inbox or Settings(_env_file=None).inbox_limits
            await declare(client.jetstream(), suite_streams(charter.inboxes(limits)))
            yield Laboratory(client, folder, suite, charter)
        finally:
            await client.close()


def upstream_events(kinds: set[str] | None = None, rows: int | None = None) -> list[UpstreamEvent]:
    """The Boston half year in event order, or part of it."""
    events = Mapping(MAPPING).events(read_rows(FILE)[:rows])
    return [event for event in events if kinds is None or event.kind in kinds]
