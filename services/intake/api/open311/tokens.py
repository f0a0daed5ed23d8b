"""`GET /tokens/…`: whether a request was taken in; of one that is public, where its id is told."""

from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException

from services.intake.api.who import SHORTLY
from shared.contracts.identity import aggregate_id
from shared.contracts.report import ReportFiled
from shared.contracts.request_token import is_of
from shared.eventsourcing.errors import LogUnavailableError
from shared.eventsourcing.event_store import AggregateKey, EventStore

AWAY = "The log does not answer; try again in a moment."


@dataclass(frozen=True)
class Tokens:
    """`store` needs no key of the vault: words are not looked at."""

    store: EventStore
    sources: Collection[str]

    async def filed(self, token: str) -> ReportFiled | None:
        """The report that a token stands for. Raises HTTPException."""
        keys = [
            AggregateKey("intake", "report", aggregate_id("report", source, token))
            for source in self.sources
            if is_of(token, source)
        ]
        if not keys:
            return None
        try:
            loaded = await self.store.load_all(keys)
        except (LogUnavailableError, OSError, TimeoutError):
            raise _away() from None
        for events in loaded.values():
            if isinstance(events, Exception):
                raise _away()
            for recorded in events:
                if isinstance(recorded.event, ReportFiled):
                    return recorded.event
        return None


def is_public(filed: ReportFiled) -> bool:
    """Whether it is told at once under an id of its own."""
    return not filed.confidential and not filed.protected


def _away() -> HTTPException:
    return HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, AWAY, SHORTLY)
