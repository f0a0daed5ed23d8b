"""What addresses ask for, where it stands in many of them."""

from collections.abc import Container

from starlette.requests import Request

from services.publishing.site.feeds import OF
from services.publishing.site.pages import LISTS
from services.publishing.site.sorry import NotFoundError

MOST_DIGITS = 18


def kind_of(request: Request) -> str:
    """Of list. Raises NotFoundError."""
    return _among(LISTS, request)


def feed_in(request: Request) -> str:
    """Raises NotFoundError."""
    return _among(OF, request)


def _among(kinds: Container[str], request: Request) -> str:
    kind = str(request.path_params["kind"])
    if kind not in kinds:
        raise NotFoundError
    return kind


def registered(code: str, places: Container[str]) -> str:
    """Raises NotFoundError."""
    if code not in places:
        raise NotFoundError
    return code


def sequence_of(text: str | None) -> int | None:
    """Raises NotFoundError: what is linked to is there, and nobody types such addresses."""
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise NotFoundError
    return int(text)
