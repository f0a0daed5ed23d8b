"""Objects as rows: a column is the way to a value in one."""

import json
from math import isnan
from typing import Any

from shared.mapping.codes import bare

MOST_DIGITS = 10


def value_at(found: Any, way: str) -> Any:
    """A key as it is, or the way to a value: names and numbers with dots between them."""
    if isinstance(found, dict) and way in found:
        return found[way]
    head, dot, rest = way.partition(".")
    match found:
        case dict():
            while dot:
                if head in found:
                    return value_at(found[head], rest)
                more, dot, rest = rest.partition(".")
                head = f"{head}.{more}"
        case list() if head.isdecimal() and len(head) < MOST_DIGITS and int(head) < len(found):
            return value_at(found[int(head)], rest) if dot else found[int(head)]
    return None


def text_of(value: Any) -> str:
    """Numbers as they are written; of a list its values, with commas between them. What is no
    number (NaN), as tables write it for a number that is not there, is empty."""
    match value:
        case None:
            return ""
        case float() if isnan(value):
            return ""
        case bool():
            return str(value).lower()
        case str():
            return bare(value)
        case list():
            return ", ".join(filter(None, map(text_of, value)))
        case dict():
            return json.dumps(value, ensure_ascii=False)
    return str(value)
