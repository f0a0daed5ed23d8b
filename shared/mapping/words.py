"""What is wrong with a mapping file, in words that say what to do."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any
from zoneinfo import available_timezones

from pydantic_core import ErrorDetails

from shared.contracts.values import IN_WORDS, SOURCE_PATTERN
from shared.mapping.language import (
    EventShape,
    FileShape,
    MappingShape,
    SignatureShape,
    TimesShape,
)
from shared.mapping.value_rules import CHOICE, MODELS, RULES
from shared.runtime.toml_lines import Key
from shared.runtime.toml_words import MUST_BE, meant, shown

OF_COLUMNS = ("when", "instant", "after", "place", "list", "day", "made_up")
_RULES = f"a value is a text with {{columns}} in it, a constant, or a rule: {', '.join(RULES)}"


def way_to(loc: tuple[int | str, ...]) -> Key:
    """The way of keys in the file, without the choices that were made on it."""
    return tuple(part for part in loc if not str(part).startswith(CHOICE) and part != "[key]")


def in_our_words(error: ErrorDetails) -> str:
    kind, way = error["type"], way_to(error["loc"])
    key = next((part for part in reversed(way) if isinstance(part, str)), "")
    given, context = error["input"], error.get("ctx", {})
    quoted = shown(key)
    if kind in MUST_BE or context.keys() & {"ge", "le", "min_length", "max_length"}:
        return f"{quoted} {_limit(key, error)}, and is {shown(given)}"
    match kind:
        case "missing" if key == "event":
            return "there is no [[event]]; each says what of a row becomes an upstream event"
        case "missing":
            return f"{quoted} is missing"
        case "extra_forbidden":
            return f"there is no key {quoted} here{meant(key, _known(error['loc']))}"
        case "union_tag_not_found":
            return f"{quoted} is {_shown(given)}; {_RULES}"
        case "string_pattern_mismatch" if context.get("pattern") == SOURCE_PATTERN:
            return (
                f"{quoted} is {shown(given)}, and no source code: small letters, digits, hyphens"
                " and underscores, at most 30 characters"
            )
        case "string_pattern_mismatch" if context.get("pattern") in IN_WORDS:
            return f"{quoted} {IN_WORDS[context['pattern']]}, and is {shown(given)}"
        case "literal_error":
            return f"{quoted} must be {context['expected']}, and is {shown(given)}"
        case "model_type" if len(way) == 2 and way[0] == "event":  # noqa: PLR2004
            return f"an event must be a table, and is {shown(given)}"
        case "model_type":
            return f"{quoted} must be a table, and is {shown(given)}"
    said = error["msg"].removeprefix("Value error, ")
    return f"{quoted} {said}, and is {shown(given)}{_zone(key, given)}"


def _limit(key: str, error: ErrorDetails) -> str:
    kind, context = error["type"], error.get("ctx", {})
    things = "entries" if kind in ("too_short", "too_long") else "characters"
    match kind:
        case "list_type" if key == "event":
            return "must be given as [[event]]"
        case "list_type" if key in OF_COLUMNS:
            return "must be a column in quotes, or a list of columns"
        case "greater_than_equal":
            return f"must be at least {context['ge']:,}"
        case "less_than_equal":
            return f"must be at most {context['le']:,}"
        case "too_short" | "string_too_short":
            return f"must have at least {context['min_length']} {things}"
        case "too_long" | "string_too_long":
            return f"must have at most {context['max_length']} {things}"
    return MUST_BE[kind]


def _shown(given: Any) -> str:
    return (
        f"a table of {', '.join(given) or 'nothing'}" if isinstance(given, dict) else shown(given)
    )


def _zone(key: str, given: Any) -> str:
    if key != "time_zone" or not isinstance(given, str):
        return ""
    close = get_close_matches(given, available_timezones(), n=1)
    return f'; "{close[0]}" may be meant' if close else ""


def _known(loc: tuple[int | str, ...]) -> Iterable[str]:
    """The keys that may stand there."""
    chosen = [str(part).removeprefix(CHOICE) for part in loc if str(part).startswith(CHOICE)]
    if chosen:
        return MODELS[chosen[-1]].model_fields
    match loc:
        case ("event", _, _):
            return EventShape.model_fields
        case ("file", _):
            return FileShape.model_fields
        case ("signed", _):
            return SignatureShape.model_fields
        case ("times", _):
            return TimesShape.model_fields
        case _:
            return MappingShape.model_fields
