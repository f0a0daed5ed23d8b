"""JSON that is sent to us names no field of an object twice, as in an inbox."""

from email.message import Message
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request

from shared.contracts.strict_json import NamedTwiceError, NotJsonError, read_json


async def names_each_field_once(request: Request) -> None:
    """FastAPI has read the body by then, and would take the last of two values. Raises
    HTTPException."""
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
