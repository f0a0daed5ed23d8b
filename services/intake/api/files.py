"""`POST /attachments`: a source uploads files for a report, and is told by which names its message
is to call them."""

from collections.abc import Awaitable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any, TypeVar

from fastapi import APIRouter, Depends
from fastapi.security import HTTPBearer
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.intake.api.bodies import other_type, require_unpacked
from services.intake.api.putting import AWAY, FULL, used
from services.intake.api.roads import Roads
from services.intake.api.told import as_json
from services.intake.api.who import SHORTLY, known_by_now, sender, within_rate
from services.intake.files.reasons import REASONS
from services.intake.files.uploading import BusyError, Taken, Uploads
from shared.contracts.attachment import MEDIA_TYPES, AttachmentName, good_until
from shared.contracts.identity import aggregate_id
from shared.contracts.values import Count, SourceId
from shared.eventsourcing.errors import (
    DomainError,
    LogFullError,
    RefusedAppendError,
    TryLaterError,
)
from shared.web.parts import InParts, Parts, WrongPartsError
from shared.web.problems import RESPONSES
from shared.web.programs import ATTACHMENTS
from shared.web.source_keys import SourceKey
from shared.web.strict_bodies import reads_by_itself

T = TypeVar("T")
PARTS = "multipart/form-data"
KINDS = ("report.submitted", "report.attached")
MOST_PARTS = 20
BUSY = "As many files are on their way as there is place for. Send them again in a moment."
REPORT_FIRST = "The field report, the source's own id of the report, has to come first."
SOURCE_ID = TypeAdapter[str](SourceId)
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The report's id at the source, and then files that go with it",
        "content": {
            PARTS: {
                "schema": {
                    "type": "object",
                    "required": ["report", "file"],
                    "properties": {
                        "report": {"type": "string"},
                        "file": {"type": "array", "items": {"type": "string", "format": "binary"}},
                    },
                }
            }
        },
    }
}
KEY = Depends(HTTPBearer(auto_error=False, description="A source's key"))


class FileTaken(BaseModel):
    """`attachment` is what a message calls it by, until `good_until`; `size` is what is stored, in
    steps."""

    attachment: AttachmentName
    type: str
    size: Count
    good_until: datetime


class FilesTaken(BaseModel):
    """In the order in which they came."""

    attachments: list[FileTaken]


def files_router(roads: Roads) -> APIRouter:
    api = APIRouter(tags=["For sources"], responses=RESPONSES, dependencies=[KEY])

    @api.post(
        ATTACHMENTS,
        summary="Upload files that go with a report",
        status_code=HTTPStatus.CREATED,
        responses={201: {"model": FilesTaken, "description": "Kept, until a report names them"}},
        openapi_extra=BODY,
    )
    @reads_by_itself
    async def attachments(request: Request) -> Response:
        key = sender(request, roads.keys)
        within_rate(key)
        if not any(map(key.allows, KINDS)):
            detail = f"This key is for neither of {' and '.join(KINDS)}."
            raise HTTPException(HTTPStatus.FORBIDDEN, detail)
        if roads.uploads is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        require_unpacked(request)
        kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind != PARTS:
            raise other_type(PARTS)
        return as_json(await _taken(roads, roads.uploads, key, request), HTTPStatus.CREATED, {})

    return api


async def _taken(roads: Roads, uploads: Uploads, key: SourceKey, request: Request) -> FilesTaken:
    """Raises HTTPException."""

    def names_report(texts: Parts) -> str:
        _report_in(texts, key)
        return key.source

    try:
        async with uploads.read(request, MOST_PARTS, names_report) as found:
            known_by_now(roads.keys)
            key = sender(request, roads.keys)  # it may have been revoked meanwhile
            report_id = _report_in(found.texts, key)
            used(key, max(1, len(found.files)))
            return _told(await kept(uploads, report_id, found))
    except BusyError:
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, BUSY, SHORTLY) from None
    except WrongPartsError as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, str(error)) from None


async def kept(uploads: Uploads, report_id: str, found: InParts) -> Taken:
    """Raises HTTPException, where one of them is not taken, too: those that were are kept, and are
    the same when they are sent again."""
    taken = await told(uploads.take(report_id, found))
    require_whole(found, taken.wrong)
    return taken


async def told(taking: Awaitable[T]) -> T:
    """Raises HTTPException."""
    try:
        return await taking
    except LogFullError:
        why = "There is no more room for files; nothing was kept. Send them again later."
        raise HTTPException(HTTPStatus.INSUFFICIENT_STORAGE, why, FULL) from None
    except (TryLaterError, RefusedAppendError, OSError, TimeoutError):
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, AWAY, SHORTLY) from None
    except DomainError as error:
        raise HTTPException(HTTPStatus.CONFLICT, str(error)) from None


def require_whole(found: InParts, wrong: Mapping[int, str]) -> None:
    """Raises HTTPException unless all that came was taken."""
    if found.left_out:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, REASONS["many"])
    if wrong:
        each = "; ".join(f"file {at + 1}: {REASONS[why]}" for at, why in wrong.items())
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, each)


def _report_in(texts: Parts, key: SourceKey) -> str:
    """Raises HTTPException."""
    names = [text for name, text in texts if name == "report"]
    try:
        (given,) = names
        return aggregate_id("report", key.source, SOURCE_ID.validate_python(given))
    except (ValueError, ValidationError):
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, REPORT_FIRST) from None


def _told(taken: Taken) -> FilesTaken:
    told = []
    for name in taken.names:
        _, kind, size, *_ = name.split(".")
        until = good_until(name)
        told.append(
            FileTaken(attachment=name, type=MEDIA_TYPES[kind], size=int(size), good_until=until)
        )
    return FilesTaken(attachments=told)
