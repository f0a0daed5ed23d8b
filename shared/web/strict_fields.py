"""An address and a form name no field twice, as a body does not: readers would take now this value
and now that."""

from http import HTTPStatus
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Receive, Scope, Send

from shared.web.answers import NOT_SO, SaidError
from shared.web.language import marked


def fields_of(text: str, most: int | None = None) -> dict[str, str]:
    """Raises SaidError if one is named twice, ValueError if there are more than `most`."""
    pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=most)
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise SaidError(HTTPStatus.BAD_REQUEST, NOT_SO[0], marked("A field is named twice here."))
    return fields


class StrictAddresses:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises SaidError. One field alone can't be there twice."""
        if b"&" in scope.get("query_string", b""):
            fields_of(scope["query_string"].decode("latin-1"))
        await self._app(scope, receive, send)
