"""Large things in the object store of JetStream, laid out as NATS lays them out: pieces, and one
message that names them.

Not by nats-py's own class: that makes streams, reads by a subscription that the log's account does
not export, and lets the last of two writers win.
"""

import asyncio
import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_hex

from nats.aio.client import Client
from nats.js.api import DiscardPolicy, StorageType, StreamConfig

from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.jetstream.append import Publisher, expecting
from shared.eventsourcing.jetstream.deleting import delete
from shared.eventsourcing.jetstream.direct_get import DirectGet
from shared.eventsourcing.jetstream.ends import answering, last_under, newest
from shared.eventsourcing.jetstream.message import Message
from shared.eventsourcing.jetstream.reader import ReadFrom, open_reader
from shared.eventsourcing.jetstream.wire import Outgoing

ATTACHMENTS = "attachments"
"""The bucket of files that go with reports; all of them are sealed."""

PUBLIC_FILES = "public_files"
"""The bucket of pictures that editors have passed, small, as anybody is shown them."""

PIECE = 512 * 1024
"""Half of what the server takes by default in one message."""

TRY_FOR_S = 10.0
"""Somebody waits for it."""

LOOKS_AGAIN_S = 5.0
"""What is waited for may be deleted."""

YIELDS, GOING = "yields", "going"

INSTEAD = {"Nats-Rollup": "sub"}
"""Of what stood under its subject."""


def bucket_stream(bucket: str) -> StreamConfig:
    return StreamConfig(
        name=stream_of(bucket),
        subjects=[f"$O.{bucket}.C.>", f"$O.{bucket}.M.>"],
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        allow_rollup_hdrs=True,
        allow_direct=True,
    )


def stream_of(bucket: str) -> str:
    return f"OBJ_{bucket}"


@dataclass(frozen=True, slots=True)
class Stored:
    """`pieces` is the subject of its pieces, `at` when it was put there. What `yields` may go where
    others need its room; what is `going` nobody keeps any more."""

    name: str
    pieces: str
    size: int
    digest: str
    at: datetime
    sequence: int
    yields: bool = False
    going: bool = False


class Objects:
    """Of one bucket. What is put under a name stays as it is until it is deleted. Names are words
    of letters and digits with slashes between, the first of which says what belongs together."""

    def __init__(self, client: Client, bucket: str) -> None:
        self._client = client
        self._publisher = Publisher(client, TRY_FOR_S)
        self._gets = DirectGet(client)
        self.bucket, self.stream = bucket, stream_of(bucket)

    async def put(self, name: str, content: bytes, now: datetime, *, yields: bool = False) -> bool:
        """Whether it was not there before; what is not whole gives way. Who dies in between leaves
        pieces that nothing names. Raises what Publisher does."""
        if before := await self.find(name):
            if await self.get(name) is not None:
                return False
            await self.delete(name, before.sequence)
        unique = f"{name.replace('/', '.')}.{token_hex(8)}"
        pieces = f"$O.{self.bucket}.C.{unique}"
        for start in range(0, len(content), PIECE):
            piece = content[start : start + PIECE]
            await self._publisher.publish([Outgoing(pieces, piece)])
        stored = Stored(name, pieces, len(content), _digest(content), now, 0, yields)
        subject = self._meta(name)
        headers = expecting(0, subject)
        try:
            await self._publisher.publish([Outgoing(subject, self._told(stored), headers)])
        except ConcurrencyError:  # somebody was faster, or it was our own first attempt
            found = await self.find(name)
            if found is None or found.pieces != pieces:
                await self._delete_pieces(pieces)
                return False
        return True

    async def renew(self, name: str, now: datetime, *, stays: bool = False) -> bool:
        """As if it was put there now; whether it is there. If it `stays` it yields no more. Raises
        what Publisher does."""
        found = await self.find(name)
        if found is None or found.going:
            return False
        if await self._instead(found, replace(found, at=now, yields=found.yields and not stays)):
            return True
        found = await self.find(name)  # somebody else has renewed it, or deleted it
        return found is not None and not found.going

    async def find(self, name: str) -> Stored | None:
        """Raises LogUnavailableError."""
        with answering(self.stream):
            found = await newest(self._client, self.stream, self._meta(name))
        return _stored_in(found) if found else None

    async def get(self, name: str) -> bytes | None:
        """None if it is not there, or not whole. Raises LogUnavailableError."""
        found = await self.find(name)
        if found is None or found.going:
            return None
        page = await self._gets.all(self.stream, {"seq": 1, "next_by_subj": found.pieces})
        content = b"".join(each.body for each in page.messages)
        return content if _digest(content) == found.digest else None

    async def delete(self, name: str, seen: int = 0) -> bool:
        """Whether it was there, and still is what was `seen` at that sequence. The server
        overwrites it where it stood. First its pieces: what names them is the last to go, so that
        whoever dies over it can be followed."""
        found = await self.find(name)
        if found is None or seen not in (0, found.sequence):
            return False
        await self._delete_pieces(found.pieces)
        return await delete(self._client, self.stream, found.sequence)

    async def take_away(self, seen: Stored) -> bool:
        """Whether what was `seen` is deleted. It says first that it goes: who renews it in the same
        moment keeps it whole, or is told that it is not there. Raises what Publisher does."""
        at = await self._instead(seen, replace(seen, going=True))
        return bool(at) and await self.delete(seen.name, at)

    async def delete_under(self, first: str) -> int:
        """All that is there whose name begins with this part, also pieces that nothing names; how
        many pieces they were. Raises LogUnavailableError."""
        names, count = dict[str, None](), 0
        with answering(self.stream):
            async for piece in self._read(f"$O.{self.bucket}.C.{first}.>", headers_only=True):
                names[_name_in(piece.subject)] = None
                count += await delete(self._client, self.stream, piece.sequence)
            for name in names:
                await self.delete(name)
        return count

    async def every(self) -> AsyncIterator[Stored]:
        """What has a name, the oldest first. Raises LogUnavailableError."""
        async for each in self._read(f"$O.{self.bucket}.M.>"):
            yield _stored_in(each)

    async def pieces(self) -> AsyncIterator[tuple[str, int]]:
        """Of all there are, their subjects and sequences."""
        async for each in self._read(f"$O.{self.bucket}.C.>", headers_only=True):
            yield each.subject, each.sequence

    async def delete_piece(self, sequence: int) -> None:
        await delete(self._client, self.stream, sequence)

    async def held(self) -> int:
        """Bytes. Raises LogUnavailableError."""
        with answering(self.stream):
            return int((await self._client.jetstream().stream_info(self.stream)).state.bytes)

    async def _read(self, subject: str, *, headers_only: bool = False) -> AsyncIterator[Message]:
        """Somebody else may delete the last one meanwhile: then the one before it is the goal."""
        goal, at = await self._last_of(subject), 0
        source = ReadFrom(self.stream, 1, filters=(subject,), headers_only=headers_only)
        if not goal:
            return
        async with open_reader(self._client, source) as reader:
            while at < goal:
                try:
                    async with asyncio.timeout(LOOKS_AGAIN_S):
                        batch = await reader.next()
                except TimeoutError:
                    goal = min(goal, await self._last_of(subject))
                    continue
                for each in batch:
                    at = each.sequence
                    yield each

    async def _instead(self, before: Stored, after: Stored) -> int:
        """At which sequence it is `after`; 0 where it was not what it was `before` any more."""
        subject = self._meta(before.name)
        headers = expecting(before.sequence, subject) | INSTEAD
        try:
            return await self._publisher.publish([Outgoing(subject, self._told(after), headers)])
        except ConcurrencyError:
            return 0

    async def _last_of(self, subject: str) -> int:
        return await last_under(self._client, self.stream, [subject])

    async def _delete_pieces(self, pieces: str) -> None:
        async for each in self._read(pieces, headers_only=True):
            await delete(self._client, self.stream, each.sequence)

    def _told(self, stored: Stored) -> bytes:
        told = {
            "name": stored.name,
            "bucket": self.bucket,
            "nuid": stored.pieces.removeprefix(f"$O.{self.bucket}.C."),
            "size": stored.size,
            "mtime": stored.at.astimezone(UTC).isoformat(),
            "chunks": -(-stored.size // PIECE),
            "digest": stored.digest,
        }
        marks = {name: "yes" for name in (YIELDS, GOING) if getattr(stored, name)}
        return json.dumps(told | ({"metadata": marks} if marks else {})).encode()

    def _meta(self, name: str) -> str:
        return f"$O.{self.bucket}.M.{urlsafe_b64encode(name.encode()).decode()}"


def _stored_in(message: Message) -> Stored:
    told = json.loads(message.body)
    pieces = f"$O.{told['bucket']}.C.{told['nuid']}"
    at = datetime.fromisoformat(told["mtime"])
    marks = told.get("metadata", {})
    of_it = told["name"], pieces, told["size"], told["digest"], at, message.sequence
    return Stored(*of_it, yields=YIELDS in marks, going=GOING in marks)


def _name_in(pieces: str) -> str:
    """The name that pieces were made for, whether anything says so or not."""
    return "/".join(pieces.split(".")[3:-1])


def _digest(content: bytes) -> str:
    return f"SHA-256={urlsafe_b64encode(sha256(content).digest()).decode()}"
