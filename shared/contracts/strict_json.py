"""Reads JSON that others wrote: no object may name a field twice."""

import json
from typing import Any


class NotJsonError(ValueError):
    """It is no JSON, or nested deeper or with longer numbers than anybody needs."""


class NamedTwiceError(ValueError):
    """Of two values under one name, readers would take now this one and now that."""


def has_no_more_than(body: bytes, names: int, texts: int) -> bool:
    """Whether an object that holds so many names and texts can hold no others, for each has two
    quotation marks. False if that takes a closer look."""
    return body.count(b'"') == 2 * (names + texts) and b"\\" not in body


def read_json(body: bytes) -> Any:
    """Raises NotJsonError, NamedTwiceError."""
    try:
        return _DECODER.decode(body.decode(json.detect_encoding(body), "surrogatepass"))
    except NamedTwiceError:
        raise
    except (ValueError, RecursionError):
        raise NotJsonError("The body is no JSON.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NamedTwiceError("An object names a field twice.")
    return found


_DECODER = json.JSONDecoder(object_pairs_hook=_once)  # `json.loads` makes one for each call
