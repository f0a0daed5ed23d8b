"""`POST /events` and `GET /receipts/…`: CloudEvents over HTTP, into the same inbox as by NATS."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query
from fastapi.security import HTTPBearer
from starlette.requests import Request
from starlette.responses import Response

from services.intake.api.asking import receipt_for
from services.intake.api.roads import Roads
from services.intake.api.sending import Sending
from services.intake.api.told import Answer, OneOfMany, Taken
from shared.eventsourcing.inbox.over_http import Mode
from shared.web.problems import RESPONSES
from shared.web.programs import EVENTS, RECEIPTS
from shared.web.strict_bodies import reads_by_itself

MOST_DIGITS = 15
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "One CloudEvent, or several in a batch",
        "content": {
            Mode.BINARY.value: {"schema": {"type": "object"}},
            Mode.STRUCTURED.value: {"schema": {"type": "object"}},
            Mode.BATCH.value: {"schema": {"type": "array", "items": {"type": "object"}}},
        },
    }
}
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": Answer | list[OneOfMany], "description": "Taken in; this is the receipt"},
    202: {"model": Taken | list[OneOfMany], "description": "On disk; the receipt will follow"},
    207: {"model": list[OneOfMany], "description": "Not the same for all of the batch"},
}
KEY = Depends(HTTPBearer(auto_error=False, description="A source's key"))


def router(roads: Roads) -> APIRouter:
    api = APIRouter(tags=["For sources"], responses=RESPONSES, dependencies=[KEY])

    @api.post(
        EVENTS,
        summary="Send messages as CloudEvents",
        status_code=HTTPStatus.ACCEPTED,
        responses=ANSWERS,
        openapi_extra=BODY,
    )
    @reads_by_itself
    async def events(request: Request) -> Response:
        return await Sending(roads, request).answer()

    one = RECEIPTS + "{source}/{sequence}"

    @api.head(one, include_in_schema=False)
    @api.get(
        one,
        summary="What became of a message",
        responses={
            200: {"model": Answer, "description": "Its receipt"},
            202: {"model": Answer, "description": "No receipt yet"},
        },
    )
    async def receipts(
        request: Request,
        source: Annotated[str, Path(max_length=30, description="the source that sent it")],
        sequence: Annotated[
            int, Path(ge=1, lt=10**MOST_DIGITS, description="its number in the inbox")
        ],
        sent: Annotated[
            str, Query(max_length=64, description="as the address has it that was told")
        ] = "",
    ) -> Response:
        return await receipt_for(roads, request, source, sequence, sent)

    return api
