"""What a body must be like before it is read."""

from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request


def require_unpacked(request: Request) -> None:
    """What is packed is not unpacked here: a few bytes could become more than there is room for.
    Raises HTTPException."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        why = "Send it as it is, without a Content-Encoding."
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, why, {"Accept-Encoding": "identity"})


def other_type(taken: str) -> HTTPException:
    """To be raised where the `Content-Type` is none of those that are taken."""
    why = f"The Content-Type must be one of {taken}."
    return HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, why, {"Accept-Post": taken})
