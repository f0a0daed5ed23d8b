"""Reads JSON that others wrote: no object may name a field twice."""

import json
from typing import Any

from pydantic_core import from_json


class NotJsonError(ValueError):
    """It is no JSON, or nested deeper or with longer numbers than anybody needs."""


class NamedTwiceError(ValueError):
    """Of two values under one name, readers would take now this one and now that."""


def check_json(body: bytes) -> None:
    """Raises what `read_json` raises."""
    if not _is_plainly_right(body):
        read_json(body)


def read_json(body: bytes) -> Any:
    """Raises NotJsonError, NamedTwiceError."""
    try:
        return _DECODER.decode(body.decode(json.detect_encoding(body), "surrogatepass"))
    except NamedTwiceError:
        raise
    except (ValueError, RecursionError):
        raise NotJsonError("The body is no JSON.") from None


def _is_plainly_right(body: bytes) -> bool:
    """An object of texts, truths and nulls without escapes, as nearly all are: each name and each
    text has two quotation marks, and what is named twice has some too many."""
    if b"\\" in body:
        return False
    try:
        found = from_json(body)
    except ValueError:
        return False
    if type(found) is not dict:
        return False
    texts = 0
    for value in found.values():
        if type(value) is str:
            texts += 1
        elif value is not None and type(value) is not bool:
            return False
    return body.count(b'"') == 2 * (len(found) + texts)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NamedTwiceError("An object names a field twice.")
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_once)  # `json.loads` makes one for each call
