"""`POST /api/trace/files`: files for a report that was filed before, of who has its code."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.intake.adding import Added, Adding
from services.intake.api.bodies import other_type, require_unpacked
from services.intake.api.files import BUSY, MOST_PARTS, PARTS, require_whole, told
from services.intake.api.told import as_json
from services.intake.api.traces import CODE, NOBODYS, answered, digits
from services.intake.api.who import SHORTLY
from services.intake.domain.report_state import NotFiledError
from services.intake.files.uploading import BusyError
from services.intake.trail.replying import Replying
from shared.contracts import actor
from shared.contracts.values import Count
from shared.web.answers import NOT_KEPT
from shared.web.fair_share import address_of
from shared.web.parts import InParts, Parts, WrongPartsError
from shared.web.problems import RESPONSES
from shared.web.strict_bodies import reads_by_itself

NO_FILE = "There is no file in it."
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "Files that go with the report from now on",
        "content": {
            PARTS: {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "array", "items": {"type": "string", "format": "binary"}}
                    },
                }
            }
        },
    }
}


class FilesAdded(BaseModel):
    """How many of these go with the report now."""

    attachments: Count


def trace_files_router(replying: Replying, adding: Adding) -> APIRouter:
    api = APIRouter(prefix="/api", tags=["For people who reported"], responses=RESPONSES)

    @api.post(
        "/trace/files",
        summary="Files that are added to a report",
        responses={200: {"model": FilesAdded}},
        openapi_extra=BODY,
    )
    @reads_by_itself
    async def files(request: Request, code: Annotated[str, Header(**CODE)]) -> Response:
        report_id = await answered(replying.report_of(digits(code)))
        require_unpacked(request)
        kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind != PARTS:
            raise other_type(PARTS)

        def whose(_: Parts) -> str | None:
            return address_of(request)

        try:
            async with adding.uploads.read(request, MOST_PARTS, whose) as found:
                return await _added(replying, adding, report_id, found)
        except BusyError:
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, BUSY, SHORTLY) from None
        except WrongPartsError as error:
            raise HTTPException(HTTPStatus.BAD_REQUEST, str(error)) from None

    return api


async def _added(replying: Replying, adding: Adding, report_id: str, found: InParts) -> Response:
    """Raises HTTPException; those that were taken go with it all the same."""
    if not (found.files or found.left_out):
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, NO_FILE)

    async def add() -> Added:
        try:
            return await adding.add(report_id, found, actor.source(replying.source))
        except NotFiledError:
            raise HTTPException(HTTPStatus.NOT_FOUND, NOBODYS) from None

    added = await told(add())
    require_whole(found, added.wrong)
    return as_json(FilesAdded(attachments=added.count), HTTPStatus.OK, NOT_KEPT)
