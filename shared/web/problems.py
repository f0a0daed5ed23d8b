"""Errors for programs, by RFC 9457."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.responses import JSONResponse

from shared.web.answers import NOT_KEPT

MEDIA_TYPE = "application/problem+json"


class WrongValue(BaseModel):
    """One that was wrong; where it stands, as in "query place"."""

    where: str
    detail: str


class Problem(BaseModel):
    """What went wrong, by RFC 9457; errors, if there are any, say which values were wrong."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[WrongValue] = []


class ProblemResponse(JSONResponse):
    media_type = MEDIA_TYPE


def problem(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    errors: Sequence[WrongValue] = (),
) -> ProblemResponse:
    told = Problem(
        title=HTTPStatus(status).phrase, status=status, detail=detail, errors=list(errors)
    )
    body = told.model_dump(exclude_defaults=True) | {"type": told.type}
    return ProblemResponse(body, status, NOT_KEPT | dict(headers or {}))


def wrong_values(errors: Sequence[Mapping[str, Any]]) -> list[WrongValue]:
    """Without what was sent: it may be about people."""
    return [
        WrongValue(where=" ".join(map(str, error["loc"])), detail=str(error["msg"]))
        for error in errors
    ]


_, _told = models_json_schema(
    [(Problem, "serialization")], ref_template="#/components/schemas/{model}"
)
SCHEMAS: dict[str, Any] = _told["$defs"]

RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "What went wrong",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
"""For the routers of services: what their operations answer when they fail."""
