"""What a value of a JSON schema is, in words."""

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from shared.web.language import Language, marked

Schema = Mapping[str, Any]
ENGLISH = Language()
TYPES = {
    "string": marked("string"),
    "integer": marked("integer"),
    "number": marked("number"),
    "boolean": marked("boolean"),
    "object": marked("object"),
    "null": marked("null"),
}
LIMITS = {
    "minimum": marked("at least %(limit)s"),
    "maximum": marked("at most %(limit)s"),
    "maxLength": marked("longest %(limit)s"),
    "pattern": marked("as %(limit)s"),
    "format": marked("as %(limit)s"),
}


def kind(schema: Schema, language: Language = ENGLISH) -> str:
    """What a value is, in words."""
    match schema:
        case {"$ref": str(name)}:
            return name.rpartition("/")[2]
        case {"const": value}:
            return repr(value)
        case {"enum": values}:
            return _one_of(map(repr, values), language)
        case {"anyOf": choices} | {"oneOf": choices} | {"allOf": choices}:
            return _one_of((kind(each, language) for each in choices), language)
        case {"type": "array", **more}:
            return language.gettext("list of %(kind)s", kind=kind(more.get("items", {}), language))
        case {"type": "object", "additionalProperties": dict() as values}:
            return language.gettext("object whose values are %(kind)s", kind=kind(values, language))
        case {"type": str(name), **more}:
            return f"{language.gettext(TYPES.get(name, name))}{_within(more, language)}"
        case _:
            return language.gettext("anything")


def _one_of(kinds: Iterable[str], language: Language) -> str:
    return reduce(
        lambda one, other: language.gettext("%(one)s or %(other)s", one=one, other=other), kinds
    )


def _within(schema: Schema, language: Language) -> str:
    limits = [
        language.gettext(words, limit=schema[name])
        for name, words in LIMITS.items()
        if name in schema
    ]
    return f" ({', '.join(limits)})" if limits else ""
