"""One owner for each loop, any number of processes: a lease that its holder renews every second."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from uuid import uuid4

import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError

from shared.eventsourcing.errors import LeaseLostError
from shared.eventsourcing.jetstream.append import CONFLICT_CODES, expecting
from shared.eventsourcing.lease import current_term
from shared.eventsourcing.pipeline import heed_cancellation

RENEWED_EVERY_S = 1.0
HELD_FOR_S = 2.5
FREE_AFTER_S = 3.5
LOOKED_AT_EVERY_S = 0.5
ANSWER_WITHIN_S = 2.0


@dataclass(frozen=True)
class Note:
    """What stands in LEASES: who holds it, or held it last. Names may be given twice, a token is
    nobody else's."""

    sequence: int = 0
    holder: str = ""
    instance: str = ""
    free: bool = True
    token: str = ""


class Lease:
    """Nobody compares clocks: a holder counts from when it sent its renewal, the others from when
    they saw it, and they wait longer than it dares. Appends with an expectation decide in the end.

    `instance` is a name that no other process of the service has at the same time, if there is
    one: who comes back under it need not wait until its own predecessor's lease runs out.
    """

    def __init__(self, client: Client, name: str, holder: str, instance: str = "") -> None:
        self._client = client
        self._subject = f"lease.{name}"
        self._holder = holder
        self._instance = instance
        self._token = uuid4().hex
        self._sequence = 0
        self._held_until = 0.0
        self._is_first_look = True
        self._renewing = asyncio.Lock()
        self.lost = asyncio.Event()
        self.held_by = ""

    @asynccontextmanager
    async def held(self) -> AsyncIterator[asyncio.Event]:
        """Wait for the lease, as long as it takes; whoever is let in owns the loop, until the event
        says that another does."""
        await self._acquire()
        self.lost.clear()
        renewals = asyncio.create_task(self._keep_renewing())
        term = current_term.set(self)
        try:
            heed_cancellation()
            yield self.lost
        finally:
            current_term.reset(term)
            renewals.cancel()
            await asyncio.gather(renewals, return_exceptions=True)
            with suppress(NatsError, OSError, TimeoutError, LeaseLostError):
                await self._write(free=True)
            self._held_until = 0.0

    async def heed(self) -> None:
        """Also for who was frozen, or busy for longer than the lease lasts: it asks first."""
        if time.monotonic() < self._held_until:
            return
        async with self._renewing:
            if time.monotonic() >= self._held_until:
                try:
                    await self._write()
                except (NatsError, OSError, TimeoutError) as error:
                    raise LeaseLostError("the lease could not be renewed in time") from error

    async def _acquire(self) -> None:
        seen, since = -1, time.monotonic()
        while True:
            heed_cancellation()
            try:
                last = await self._look()
                if last.sequence != seen:
                    seen, since = last.sequence, time.monotonic()
                if self._may_take(last, since):
                    self._sequence = last.sequence
                    await self._write()
                    return
            except LeaseLostError:
                since = time.monotonic()  # somebody else was quicker
            except (NatsError, OSError, TimeoutError):
                since = time.monotonic()  # what nobody could renew is not given up
            finally:
                self._is_first_look = False
            await asyncio.sleep(LOOKED_AT_EVERY_S)

    def _may_take(self, last: Note, since: float) -> bool:
        self.held_by = "" if last.free else last.holder
        predecessor = bool(self._instance) and last.instance == self._instance
        if last.free or (self._is_first_look and predecessor):
            return True
        if time.monotonic() - since < FREE_AFTER_S:
            return False
        log = structlog.get_logger()
        log.warning("takes over", lease=self._subject, from_=last.holder)
        return True

    async def _keep_renewing(self) -> None:
        while True:
            heed_cancellation()
            await asyncio.sleep(RENEWED_EVERY_S)
            with suppress(NatsError, OSError, TimeoutError, LeaseLostError):
                async with self._renewing:
                    await self._write()

    async def _look(self) -> Note:
        query = json.dumps({"last_by_subj": self._subject}).encode()
        answer = await self._client.request(
            "$JS.API.DIRECT.GET.LEASES", query, timeout=ANSWER_WITHIN_S
        )
        headers = answer.headers or {}
        if "Nats-Sequence" not in headers:
            if headers.get("Status") == "404":
                return Note()
            raise TimeoutError
        return _read(int(headers["Nats-Sequence"]), answer.data)

    async def _write(self, *, free: bool = False) -> None:
        """Take, renew or give back. Raises LeaseLostError if it is another's."""
        sent_at = time.monotonic()
        note = {
            "holder": self._holder,
            "instance": self._instance,
            "free": free,
            "token": self._token,
        }
        headers = expecting(self._sequence, self._subject)
        answer = await self._client.request(
            self._subject, json.dumps(note).encode(), timeout=ANSWER_WITHIN_S, headers=headers
        )
        said = json.loads(answer.data)
        if "error" not in said:
            self._sequence, self._held_until = int(said["seq"]), sent_at + HELD_FOR_S
            self.held_by = self._holder
            return
        if said["error"].get("err_code") not in CONFLICT_CODES:
            raise TimeoutError(said["error"]["description"])
        last = await self._look()
        if last.token != self._token or last.free:
            self._held_until = 0.0
            self.lost.set()
            raise LeaseLostError(f"{last.holder or 'nobody'} holds {self._subject} now")
        self._sequence = last.sequence  # an answer to our own renewal got lost
        raise TimeoutError


def _read(sequence: int, body: bytes) -> Note:
    """What nobody of ours wrote frees nothing: its holder may not have seen it yet."""
    try:
        said = json.loads(body)
        token = said.get("token", "")
        return Note(sequence, said["holder"], said["instance"], said["free"], token)
    except (ValueError, KeyError, TypeError, AttributeError):
        return Note(sequence, free=False)
