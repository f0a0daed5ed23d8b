"""Errors for programs, by RFC 9457."""

from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.responses import JSONResponse

from shared.web.answers import NOT_KEPT

MEDIA_TYPE = "application/problem+json"
PARTS = ("query", "path", "header", "cookie", "body")
UNKNOWN = "…"
WRONG = "This is not what is taken here."
OF_THE_CONTRACT = {
    *("ge", "gt", "le", "lt", "multiple_of", "min_length", "max_length", "actual_length"),
    *("expected", "pattern", "discriminator", "expected_tags", "max_digits", "decimal_places"),
}
"""What stands in words of pydantic and is nobody's: of all else some may have been sent."""


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


def wrong_values(errors: Sequence[Mapping[str, Any]], known: Collection[str]) -> list[WrongValue]:
    """Without what was sent, for it may be about people: no value, and no name but those `known` to
    the contract."""
    return [
        WrongValue(where=" ".join(_named(each, known) for each in error["loc"]), detail=_why(error))
        for error in errors
    ]


def _named(place: str | int, known: Collection[str]) -> str:
    is_known = isinstance(place, int) or place in known or place in PARTS
    return str(place) if is_known else UNKNOWN


def _why(error: Mapping[str, Any]) -> str:
    return str(error["msg"]) if error.get("ctx", {}).keys() <= OF_THE_CONTRACT else WRONG


def names_of(document: Mapping[str, Any]) -> frozenset[str]:
    """All names of values that an OpenAPI document tells: they are public."""
    found: set[str] = set()
    below: list[Any] = [document]
    while below:
        each = below.pop()
        if isinstance(each, Mapping):
            found.update(each.get("properties", ()))
            found.update(one["name"] for one in each.get("parameters", ()) if "name" in one)
            below += each.values()
        elif isinstance(each, list):
            below += each
    return frozenset(found)


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
