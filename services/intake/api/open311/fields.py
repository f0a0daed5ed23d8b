"""Reads what a client of Open311 sends: a form, a form in parts, or JSON in either shape."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from shared.contracts.strict_json import NamedTwiceError, NotJsonError, read_json
from shared.web.parts import WrongPartsError, in_parts

FORM, PARTS, JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"
TAKEN_HERE = f"{FORM}, {PARTS}, {JSON}"
MOST_FIELDS = 100
WRAPPED = ("service_requests", "requests", "service_request_updates")
EACH = ("request", "request_update")
ATTRIBUTE = re.compile(r"attribute\[([A-Za-z0-9_.-]{1,60})\](?:\[\])?")

Pairs = list[tuple[str, str]]


class UnreadableError(Exception):
    """What was sent can't be read; says why, without repeating any of it."""


def media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def pairs_in(content_type: str, body: bytes) -> Pairs:
    """As they came, and nothing of files. Raises UnreadableError."""
    kind = media_type(content_type)
    if kind == PARTS:
        try:
            return in_parts(content_type, body, MOST_FIELDS)
        except WrongPartsError as error:
            raise UnreadableError(str(error)) from None
    if kind == JSON:
        return list(_in_json(body))
    return _in_form(body)


def in_query(query: bytes) -> Pairs:
    """Raises UnreadableError."""
    return _in_form(query)


def _in_form(text: bytes) -> Pairs:
    try:
        return parse_qsl(
            text.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except ValueError:
        raise UnreadableError(f"A form in UTF-8 with at most {MOST_FIELDS} fields.") from None


def _in_json(body: bytes) -> Iterator[tuple[str, str]]:
    try:
        found = read_json(body)
    except (NamedTwiceError, NotJsonError) as error:
        raise UnreadableError(str(error)) from None
    request = _one_request(found)
    for name, value in request.items():
        if name == "attribute" and isinstance(value, Mapping):
            for code, values in value.items():
                for each in values if isinstance(values, list) else [values]:
                    yield f"attribute[{code}][]", _as_text(each)
        else:
            yield name, _as_text(value)


def _one_request(found: Any) -> Mapping[str, Any]:
    """It may be bare, in an array, or in an array with a name."""
    if isinstance(found, dict):
        found = next((found[name] for name in WRAPPED if name in found), found)
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    if isinstance(found, dict) and len(found) == 1:
        found = next((found[name] for name in EACH if name in found), found)
    if not isinstance(found, dict) or len(found) > MOST_FIELDS:
        raise UnreadableError("The body must be one request as a JSON object, or an array of one.")
    return found


def _as_text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str() | int() | float() if (text := str(value)).isascii() or _is_text(text):
            return text
        case _:
            raise UnreadableError("A field must be a text, a number, true or false.")


def _is_text(text: str) -> bool:
    """JSON can name halves of signs, which are none."""
    return text == text.encode("utf-8", "ignore").decode()
