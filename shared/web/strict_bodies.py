"""JSON that is sent to us names no field of an object twice, as in an inbox."""

from collections.abc import Callable
from email.message import Message
from http import HTTPStatus
from typing import Any, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request

from shared.contracts.strict_json import NamedTwiceError, NotJsonError, read_json

F = TypeVar("F", bound=Callable[..., Any])

READ_BY_THEMSELVES: set[Callable[..., Any]] = set()


def reads_by_itself(endpoint: F) -> F:
    """An endpoint that is as strict by itself, once it knows who sends."""
    READ_BY_THEMSELVES.add(endpoint)
    return endpoint


async def names_each_field_once(request: Request) -> None:
    """FastAPI has read the body by then, and would take the last of two values. Raises
    HTTPException."""
    if request.scope.get("endpoint") in READ_BY_THEMSELVES:
        return
    if not _is_json(request.headers.get("Content-Type", "")):
        return
    body = await request.body()
    try:
        if body:
            read_json(body)
    except (NamedTwiceError, NotJsonError) as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, str(error)) from None


def _is_json(given: str) -> bool:
    """As FastAPI tells it."""
    told = Message()
    told["Content-Type"] = given
    subtype = told.get_content_subtype()
    return told.get_content_maintype() == "application" and (
        subtype == "json" or subtype.endswith("+json")
    )
