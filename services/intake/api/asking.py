"""A source asks what became of one of its messages."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.intake.api.roads import Roads
from services.intake.api.told import Answer, answered, as_json
from services.intake.api.who import SHORTLY, sender
from shared.contracts.receipt import Accepted
from shared.eventsourcing.errors import LogUnavailableError
from shared.eventsourcing.inbox.looked_up import Receipt
from shared.runtime import metrics
from shared.web.source_keys import SourceKey

OF_REPORTS, FILES = "report.", "report.submitted"
LATER = {"Retry-After": "3600"}


async def receipt_for(
    roads: Roads, request: Request, source: str, sequence: int, sent: str
) -> Response:
    """Raises HTTPException."""
    key = sender(request, roads.keys)
    if key.source != source:
        raise HTTPException(HTTPStatus.FORBIDDEN, "This key is another source's.")
    if not roads.was_told(key, sequence, sent):
        why = "This key is for some kinds alone: it asks at the addresses that it was told."
        raise HTTPException(HTTPStatus.FORBIDDEN, why)
    metrics.keys_used.labels(source, "asked").inc()
    try:
        return await _looked_up(roads, key, sequence)
    except LogUnavailableError:
        why = "The log does not answer; try again in a moment."
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, why, SHORTLY) from None


async def _looked_up(roads: Roads, key: SourceKey, sequence: int) -> Response:
    looked_up, source = roads.looked_up, key.source
    if receipt := await looked_up.receipt(source, sequence):
        return await _told(roads, key, receipt)
    if await looked_up.waits(source, sequence):
        waits = Answer(source=source, inbox_sequence=sequence, state="waiting")
        return as_json(waits, HTTPStatus.ACCEPTED, SHORTLY)
    if await looked_up.is_dead(source, sequence):
        dead = Answer(source=source, inbox_sequence=sequence, state="dead")
        return as_json(dead, HTTPStatus.ACCEPTED, LATER)
    # it may have been taken in between the two looks
    if receipt := await looked_up.receipt(source, sequence):
        return await _told(roads, key, receipt)
    raise HTTPException(HTTPStatus.NOT_FOUND, "There is no such message in this inbox.")


async def _told(roads: Roads, key: SourceKey, receipt: Receipt) -> Response:
    """Whoever filed a report may know who by role was shown its words; its id follows from the
    source's own name, so nobody asks for another's. A key that is for some kinds alone has to have
    filed it: whoever names a report that another one filed learns nothing of it."""
    answer = answered(key.source, receipt)
    if isinstance(receipt, Accepted) and _is_theirs(key, receipt):
        openings, code = await roads.openings(receipt.id), await roads.code(receipt.id)
        answer = answer.model_copy(update={"openings": openings, "code": code})
    return as_json(answer)


def _is_theirs(key: SourceKey, receipt: Accepted) -> bool:
    if key.is_scoped:
        return receipt.kind == FILES and not receipt.duplicate
    return receipt.kind.startswith(OF_REPORTS)
