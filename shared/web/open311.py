"""How GeoReport v2 says things: the same values as JSON or XML, and errors as a list."""

import json
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from shared.web.answers import NOT_KEPT, WORTH_PACKING, unpacks
from shared.web.programs import OPEN311

JSON, XML = "json", "xml"
LIGHTLY, GZIP = 1, 31
"""Half the time of the usual level for an eighth more bytes; and what zlib calls this form."""

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
    body = as_json(value) if form_of(request) == JSON else as_xml(name, value)
    return _answer(request, body, status, headers or {})


def packed(request: Request, body: bytes) -> Response:
    """As `told`, of what is written already; for threads that need not be quick about it."""
    if len(body) < WORTH_PACKING or not unpacks(request.headers.get("Accept-Encoding", "")):
        return _answer(request, body, 200, {})
    headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    return _answer(request, zlib.compress(body, LIGHTLY, GZIP), 200, headers)


def _answer(request: Request, body: bytes, status: int, headers: Mapping[str, str]) -> Response:
    media_type = f"{MEDIA_TYPES[form_of(request)]}; charset=utf-8"
    return Response(body, status, NOT_KEPT | dict(headers), media_type)


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
    parts = ['<?xml version="1.0" encoding="utf-8"?>\n']
    _element(name, value, parts.append)
    return f"{''.join(parts)}\n".encode()


def _element(name: str, value: Any, add: Callable[[str], None]) -> None:
    if isinstance(value, str):
        add(f"<{name}>{_text(value)}</{name}>" if value else f"<{name}/>")
    elif value is None or value in ([], {}):
        add(f"<{name}/>")
    elif isinstance(value, bool):
        add(f"<{name}>{'true' if value else 'false'}</{name}>")
    elif isinstance(value, Mapping):
        add(f"<{name}>")
        for key, inner in value.items():
            _element(key, inner, add)
        add(f"</{name}>")
    elif isinstance(value, list | tuple):
        add(f"<{name}>")
        for inner in value:
            _element(EACH[name], inner, add)
        add(f"</{name}>")
    else:
        add(f"<{name}>{_text(str(value))}</{name}>")


def _text(value: str) -> str:
    return escape(_NOT_IN_XML.sub("", value), quote=False)
