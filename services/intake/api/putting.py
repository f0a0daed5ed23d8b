"""Puts what a source sent into its inbox, and says what stands in the way."""

from collections.abc import Sequence
from http import HTTPStatus

from starlette.exceptions import HTTPException

from services.intake.api.roads import Roads
from services.intake.api.who import SHORTLY
from shared.eventsourcing.errors import (
    LogFullError,
    LogUnavailableError,
    RefusedAppendError,
    StoreFullError,
)
from shared.eventsourcing.inbox.over_http import Arrived
from shared.eventsourcing.inbox.parse import RefusalError
from shared.runtime import metrics
from shared.web.source_keys import SourceKey

FULL = {"Retry-After": "60"}
INBOX_FULL = "This inbox is full; nothing was taken in. Keep it, and send it again later."
STORE_FULL = (
    "The log has no room for anybody's messages; nothing was taken in. Keep it, and send it again"
    " later. Whoever runs this instance has to give the log more room."
)
AWAY = "The log does not answer. Send it again, which is harmless if it was taken in."


async def fitting(
    roads: Roads, key: SourceKey, found: Sequence[Arrived | RefusalError]
) -> list[Arrived | RefusalError]:
    """Those that the key is for, and that are not too large. Raises HTTPException."""
    allowed = [
        _out_of_scope(one) if isinstance(one, Arrived) and not key.allows(one.kind) else one
        for one in found
    ]
    try:
        return await roads.entry.fitting(key.source, allowed)
    except LogUnavailableError:
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, AWAY, SHORTLY) from None


async def put(
    roads: Roads, key: SourceKey, arrived: Sequence[Arrived], of: int = 1, away: str = AWAY
) -> int:
    """The inbox sequence of the last. Raises HTTPException."""
    used(key, of)
    try:
        last = await roads.entry.put(key.source, arrived)
    except LogFullError as error:
        is_whole = isinstance(error, StoreFullError)
        count(key, "store full" if is_whole else "full", len(arrived))
        why = STORE_FULL if is_whole else INBOX_FULL
        raise HTTPException(HTTPStatus.INSUFFICIENT_STORAGE, why, FULL) from None
    except (LogUnavailableError, RefusedAppendError, OSError, TimeoutError):
        count(key, "away", len(arrived))
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, away, SHORTLY) from None
    count(key, "taken", len(arrived))
    return last


def used(key: SourceKey, messages: int) -> None:
    metrics.keys_used.labels(key.source, "sent").inc()
    if key.bucket:
        key.bucket.take(messages)


def count(key: SourceKey, result: str, messages: int) -> None:
    metrics.sent.labels(key.source, result).inc(messages)


def _out_of_scope(arrived: Arrived) -> RefusalError:
    detail = f"This key is not for {arrived.kind}."
    return RefusalError("Out of scope", detail, ce_id=arrived.ce_id)
