"""Members hold what they reported, by the code that its source was given for them. That they do is
in no event: it would say for ever who reported what."""

import asyncio

from shared.contracts.login import LoginClosed
from shared.contracts.person import PersonErased
from shared.contracts.report import ReportFiled
from shared.contracts.routing import log_of
from shared.eventsourcing.errors import DomainError
from shared.eventsourcing.event_store import AggregateKey, EventStore
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import until_there
from shared.eventsourcing.jetstream.reader import ReadFrom, open_reader
from shared.runtime.following import readable
from shared.runtime.vault.holders import Holders

PROMOTION = log_of("promotion")
CLOSED = (LoginClosed.filter(),)
LOOKS_AGAIN_S = 0.2


class NotTheCodeError(DomainError):
    """Also where there is no such report, or its words are not sealed, or erased: nobody learns
    which."""


class Holding:
    """`events` need no keys."""

    def __init__(self, events: EventStore, holders: Holders) -> None:
        self._events = events
        self._holders = holders

    async def code_of(self, report_id: str) -> str | None:
        """For its receipt; none that would not do. Raises VaultAwayError, LogUnavailableError."""
        code = await asyncio.to_thread(self._holders.code_of, report_id)
        if code is None:
            return None
        who = await self.who_filed(report_id)
        return None if who and await self._is_erased(who) else code

    async def put(self, login_id: str, report_id: str, code: str) -> None:
        """Twice is once. Raises NotTheCodeError, TooManyHeldError, VaultAwayError."""
        holders = self._holders
        if not await asyncio.to_thread(holders.is_code, report_id, code):
            raise NotTheCodeError
        who = await self.who_filed(report_id)
        await asyncio.to_thread(holders.add, login_id, report_id, who)
        # whoever erases writes it down first, and forgets what is held then
        if who and await self._is_erased(who):
            await asyncio.to_thread(holders.take_off, login_id, report_id)
            raise NotTheCodeError

    async def of(self, login_id: str) -> list[str]:
        """Raises VaultAwayError."""
        return await asyncio.to_thread(self._holders.of, login_id)

    async def take_off(self, login_id: str, report_id: str) -> None:
        """Raises VaultAwayError."""
        await asyncio.to_thread(self._holders.take_off, login_id, report_id)

    async def follow_closed(self, client: Client) -> None:
        """Until cancelled: a login that is closed holds nothing any more."""
        while not self._holders.can_tell:  # noqa: ASYNC110  the vault's own loop tells why
            await asyncio.sleep(LOOKS_AGAIN_S)
        await until_there(client, PROMOTION)
        async with open_reader(client, ReadFrom(PROMOTION, 1, filters=CLOSED)) as reader:
            while True:
                for message in await reader.next():
                    recorded = readable(message, PROMOTION, "a login that was closed is lost")
                    if recorded and isinstance(recorded.event, LoginClosed):
                        await asyncio.to_thread(self._holders.take_off, recorded.event.login_id)

    async def who_filed(self, report_id: str) -> str:
        events = await self._events.load(AggregateKey("intake", "report", report_id))
        filed = [each.event for each in events if isinstance(each.event, ReportFiled)]
        return (filed[0].correspondent if filed else None) or ""

    async def _is_erased(self, person_id: str) -> bool:
        events = await self._events.load(AggregateKey("intake", "person", person_id))
        return any(isinstance(each.event, PersonErased) for each in events)
