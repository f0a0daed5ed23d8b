"""What a checking and its check say, as far as the desk is shown it."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException

from services.intake.site.rows import Row, Rows
from shared.contracts.checking import FindingPictured
from shared.contracts.event import Event
from shared.eventsourcing.errors import TryLaterError
from shared.eventsourcing.event_store import AggregateKey, EventStore
from shared.runtime.form_pages import NotJustNowError


@dataclass(frozen=True)
class FindingsOf:
    """`rows` are checkings of what is public; `opened` has the keys of what they say."""

    rows: Rows
    opened: EventStore

    async def about(self, checking_id: str) -> Row:
        """Raises HTTPException."""
        found = await self.rows.one(checking_id)
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return found

    async def picture(self, checking_id: str, digest: str) -> FindingPictured:
        """Raises HTTPException, NotJustNowError."""
        for event in await self.events(checking_id):
            if isinstance(event, FindingPictured) and event.digest == digest:
                return event
        raise HTTPException(HTTPStatus.NOT_FOUND)

    async def events(self, checking_id: str) -> Sequence[Event]:
        return await self._told("checking", checking_id)

    async def of_check(self, check_id: str) -> Sequence[Event]:
        return await self._told("check", check_id)

    async def _told(self, category: str, one: str) -> Sequence[Event]:
        try:
            events = await self.opened.load(AggregateKey("intake", category, one))
        except TryLaterError:
            raise NotJustNowError from None
        return [each.event for each in events]
