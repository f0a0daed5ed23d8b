"""What is wrong with a charter's file, in words that say what to do."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_core import ErrorDetails

from shared.runtime.sizes import in_words
from shared.runtime.toml_words import MUST_BE, meant, shown

CODES = {
    "body.toml": "kind of source: small letters, digits and hyphens, at most 40 characters",
    "places.toml": "place code: small letters, digits and hyphens, in at most 8 parts with a dot"
    " between them, at most 120 characters",
    "sectors.toml": "sector code: small letters, digits and hyphens, at most 60 characters",
    "sources.toml": "source code: small letters, digits, hyphens and underscores, at most 30"
    " characters",
    "tracks.toml": "track name: small letters, digits and hyphens, at most 60 characters",
    "staff.toml": "code of a person: small letters, digits and hyphens, at most 40 characters",
    "parties.toml": "code of a party: small letters, digits and hyphens, at most 60 characters",
    "due.toml": "name of a rule or an almanac: small letters, digits and hyphens, at most 60"
    " characters",
}
_MUST_BE = MUST_BE | {
    "model_type": "must be a text in quotes, or a table",
    "list_type": "must be a list; several tables are given as [[track]] or [[rule]]",
}


def in_our_words(file: str, error: ErrorDetails, known: Iterable[str]) -> str:
    """`known` are the keys that may stand where this error is."""
    kind, key = error["type"], str(error["loc"][-1]) if error["loc"] else ""
    given, quoted = error["input"], _named(error["loc"])
    is_code = key == "[key]" or (file in ("tracks.toml", "due.toml") and key == "name")
    is_code = is_code or (file == "tracks.toml" and "after" in error["loc"])
    if is_code and kind in ("string_pattern_mismatch", "string_too_long"):
        return f"{shown(given)} is no {CODES[file]}{_instead(given)}"
    if kind == "missing":
        return f"{quoted} is missing"
    if kind == "extra_forbidden":
        return f"there is no key {quoted} here{meant(key, known)}"
    if kind == "string_type" and isinstance(given, dict) and file == "places.toml":
        return f'{quoted} is a table here; a code with dots stands in quotes, "us.ma" = "…"'
    if kind == "literal_error":
        return f"{shown(given)} is none of {error['ctx']['expected'].replace(chr(39), chr(34))}"
    if file == "staff.toml" and kind in MUST_BE:
        return f"{quoted} {MUST_BE[kind]}, and is {shown(given)}"
    if kind in _MUST_BE:
        return f"{quoted} {_MUST_BE[kind]}, and is {shown(given)}"
    return (
        f"{quoted} {_limit(key, kind, error.get('ctx', {}), error['msg'])}, and is {shown(given)}"
    )


def _named(loc: tuple[int | str, ...]) -> str:
    """A key, or what stands in its list."""
    names = [each for each in loc if isinstance(each, str)]
    name = shown(names[-1] if names else "")
    return name if not loc or isinstance(loc[-1], str) else f"an entry of {name}"


def _limit(key: str, kind: str, context: Mapping[str, Any], otherwise: str) -> str:
    def said(bound: Any) -> str:
        return in_words(bound) if key.startswith("max_") else f"{bound:,.10g}"

    match kind:
        case "greater_than_equal":
            return f"must be at least {said(context['ge'])}"
        case "less_than_equal":
            return f"must be at most {said(context['le'])}"
        case "string_too_long":
            return f"must have at most {context['max_length']:,} characters"
        case _:
            return otherwise.removeprefix("Value error, ")


def _instead(code: str) -> str:
    better = code.strip().lower().replace(" ", "-")
    usual = (
        better
        and better != code
        and all(c.isascii() and (c.isalnum() or c in "-._") for c in better)
    )
    return f'; "{better}" may be meant' if usual else ""
