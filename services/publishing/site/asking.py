"""What addresses ask for, where it stands in many of them."""

from collections.abc import Container

from starlette.requests import Request

from services.publishing.site.pages import LISTS
from services.publishing.site.sorry import NotFoundError

MOST_DIGITS = 18
QUESTIONS_FED = "questions"


def kind_of(request: Request) -> str:
    """Of a list. Raises NotFoundError."""
    kind = str(request.path_params["kind"])
    if kind not in LISTS:
        raise NotFoundError
    return kind


def fed(request: Request) -> str:
    """Kind of a feed. Raises NotFoundError."""
    kind = str(request.path_params["kind"])
    return kind if kind == QUESTIONS_FED else kind_of(request)


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
