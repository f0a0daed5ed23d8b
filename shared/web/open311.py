"""How GeoReport v2 says things: the same values as JSON or XML, and errors as a list."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from shared.web.answers import NOT_KEPT
from shared.web.programs import OPEN311

JSON, XML = "json", "xml"
MEDIA_TYPES = {XML: "text/xml", JSON: "application/json"}
EACH = {
    "services": "service",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "notes": "note",
    "errors": "error",
}
"""What each of a list is called in XML; in JSON a list is bare."""

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_asked(request: Request) -> bool:
    path = str(request.scope["path"]).removeprefix(request.scope.get("root_path", ""))
    return path.startswith(OPEN311)


def form_of(request: Request) -> str:
    """The last part of an address says it; XML is what every client knows."""
    return JSON if str(request.scope["path"]).endswith(f".{JSON}") else XML


def told(
    request: Request,
    name: str,
    value: Any,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """`name` is the outermost element in XML; in JSON it does not show."""
    form = form_of(request)
    body = as_json(value) if form == JSON else as_xml(name, value)
    media_type = f"{MEDIA_TYPES[form]}; charset=utf-8"
    return Response(body, status, NOT_KEPT | dict(headers or {}), media_type)


def errors(
    request: Request,
    status: int,
    descriptions: Iterable[str],
    headers: Mapping[str, str] | None = None,
) -> Response:
    """None of them repeats what was sent."""
    each = [{"code": int(status), "description": one} for one in descriptions]
    return told(request, "errors", each, status, headers)


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")


def as_xml(name: str, value: Any) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?>\n{"".join(_element(name, value))}\n'.encode()


def _element(name: str, value: Any) -> Iterator[str]:
    if value is None or value in ("", [], {}):
        yield f"<{name}/>"
        return
    yield f"<{name}>"
    match value:
        case Mapping():
            for key, inner in value.items():
                yield from _element(key, inner)
        case list() | tuple():
            for inner in value:
                yield from _element(EACH[name], inner)
        case bool():
            yield "true" if value else "false"
        case _:
            yield escape(_NOT_IN_XML.sub("", str(value)), quote=False)
    yield f"</{name}>"
