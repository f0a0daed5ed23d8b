"""Takes what a hook is sent into the inbox of its source, and tells where the receipts will be."""

import base64
from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from fastapi.security import HTTPBasic, HTTPBearer
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.intake.api.bodies import other_type, require_unpacked
from services.intake.api.hooks.known import Hook
from services.intake.api.hooks.reading import TAKEN_HERE, is_taken, messages_in
from services.intake.api.hooks.signature import is_signed
from services.intake.api.putting import count, fitting, put, used
from services.intake.api.roads import Roads
from services.intake.api.told import OneOfMany, as_list, as_problem
from services.intake.api.who import cost_of, known_sender, opens, place_for_a_body, within_rate
from shared.eventsourcing.inbox.over_http import MOST_AT_ONCE, Arrived, TooManyError
from shared.eventsourcing.inbox.parse import RefusalError
from shared.web.problems import RESPONSES
from shared.web.programs import HOOKS
from shared.web.source_keys import SourceKey
from shared.web.strict_bodies import reads_by_itself

OBJECT = {"schema": {"type": "object"}}
BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "What the mapping reads: an object, an array of them, or a form",
        "content": {
            "application/json": {"schema": {}},
            "application/x-www-form-urlencoded": OBJECT,
            "multipart/form-data": OBJECT,
        },
    }
}
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"model": list[OneOfMany], "description": "It says nothing that the mapping takes"},
    202: {"model": list[OneOfMany], "description": "On disk; the receipts will follow"},
}
KEYS = [
    Depends(HTTPBearer(auto_error=False, description="A source's key")),
    Depends(HTTPBasic(auto_error=False, description="The same as the password, with any name")),
]
NO_HOOK = "This source has no hook of that name."
Name = Annotated[str, Path(max_length=60)]


def hook_router(roads: Roads, hooks: Mapping[str, Hook]) -> APIRouter:
    api = APIRouter(tags=["For sources"], responses=RESPONSES, dependencies=KEYS)

    @api.post(
        HOOKS + "{source}/{mapping}",
        summary="Send what a mapping of the charter reads",
        status_code=HTTPStatus.ACCEPTED,
        responses=ANSWERS,
        openapi_extra=BODY,
    )
    @reads_by_itself
    async def hook(request: Request, source: Name, mapping: Name) -> Response:
        key = known_sender(_given(request), roads.keys)
        if key.source != source:
            raise HTTPException(HTTPStatus.FORBIDDEN, "This key is another source's.")
        found = hooks.get(mapping)
        if found is None or found.source != source:
            raise HTTPException(HTTPStatus.NOT_FOUND, NO_HOOK)
        opens(key, found.name)
        return await _taken(roads, key, found, request)

    return api


async def _taken(roads: Roads, key: SourceKey, hook: Hook, request: Request) -> Response:
    within_rate(key)
    require_unpacked(request)
    content_type = request.headers.get("Content-Type", "")
    if not is_taken(content_type):
        raise other_type(TAKEN_HERE)
    with place_for_a_body(key):
        body = await request.body()
    known_sender(_given(request), roads.keys)  # it may have been revoked meanwhile
    _check_signature(hook, request, body)
    rate = key.bucket.headers() if key.bucket else {}
    try:
        arrived = messages_in(hook, content_type, body)
        fits = await fitting(roads, key, arrived)
        if refusals := [one for one in fits if isinstance(one, RefusalError)]:
            raise refusals[0]
    except TooManyError:
        used(key, cost_of(body))
        why = f"At most {MOST_AT_ONCE:,} messages come at once."
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, why) from None
    except RefusalError as refusal:
        used(key, cost_of(body))
        count(key, "refused", 1)
        return as_problem(refusal.problem, rate)
    if not arrived:
        used(key, cost_of(body))
        return as_list([], rate)
    last = await put(roads, key, arrived, len(arrived))
    first = last - len(arrived) + 1
    told = [_told(roads, key, one, first + at) for at, one in enumerate(arrived)]
    where = {"Location": told[0].receipt or ""} if len(told) == 1 else {}
    return as_list(told, rate | where)


def _told(roads: Roads, key: SourceKey, one: Arrived, sequence: int) -> OneOfMany:
    return OneOfMany(
        ce_id=one.ce_id,
        status=HTTPStatus.ACCEPTED,
        inbox_sequence=sequence,
        receipt=roads.receipt_at(key, sequence),
    )


def _check_signature(hook: Hook, request: Request, body: bytes) -> None:
    """Beside the key. Raises HTTPException."""
    shape = hook.mapping.shape.signed
    if shape is None:
        return
    if not hook.secret:
        why = "The secret of this hook is not there; the operators have to put it there."
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, why, {"Retry-After": "60"})
    if not is_signed(shape, hook.secret, body, request.headers.get(shape.header, "")):
        raise HTTPException(HTTPStatus.FORBIDDEN, f"The signature in {shape.header} is not good.")


def _given(request: Request) -> str | None:
    """Who can set no header has a name and a password at least; the name says nothing."""
    scheme, _, said = request.headers.get("Authorization", "").partition(" ")
    match scheme.lower():
        case "bearer":
            return said.strip()
        case "basic":
            return _password(said.strip())
    return request.headers.get("X-API-Key")


def _password(said: str) -> str:
    try:
        return base64.b64decode(said, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""
