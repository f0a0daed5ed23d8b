"""Reads what clients of Open311 are answered: JSON and XML as the same values, all as texts."""

from typing import Any
from xml.etree import ElementTree as ET

import httpx

from shared.web.open311 import EACH

FORMATS = ("json", "xml")
MEDIA = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
OUTERMOST = ("services", "service_requests", "errors")


def values(answer: httpx.Response, name: str = "service_requests") -> Any:
    """Each as the clients that know this format alone have it."""
    if answer.headers["content-type"] == MEDIA["json"]:
        return _as_texts(answer.json())
    assert answer.headers["content-type"] == MEDIA["xml"]
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n')
    root = ET.fromstring(answer.content)  # noqa: S314  our own
    assert root.tag == name
    return _in_element(root)


def wrong(answer: httpx.Response, status: int) -> list[str]:
    """The descriptions; each code is that of the answer."""
    assert answer.status_code == status, answer.text
    each = values(answer, "errors")
    assert each
    assert all(one["code"] == str(status) for one in each) or status == 400
    assert all(one.keys() == {"code", "description"} for one in each)
    return [one["description"] for one in each]


def _in_element(element: ET.Element) -> Any:
    if element.tag in EACH:
        assert all(inner.tag == EACH[element.tag] for inner in element)
        return [_in_element(inner) for inner in element]
    if len(element):
        return {inner.tag: _in_element(inner) for inner in element}
    return element.text or ""


def _as_texts(value: Any) -> Any:
    match value:
        case dict():
            return {name: _as_texts(inner) for name, inner in value.items()}
        case list():
            return [_as_texts(inner) for inner in value]
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)
