"""What a catalogue lacks, and what is wrong in it."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from babel.messages.catalog import Catalog

from shared.web.catalogues import (
    OURS,
    PLACEHOLDER,
    Words,
    forms_of,
    key_of,
    messages,
    read_catalogue,
)

TEMPLATE = OURS / "tribune.pot"
"""All that the site says, in English; `make words` makes it from templates and code."""
LONGEST_SHOWN = 60


@dataclass(frozen=True)
class Wrong:
    """`may_be_meant`: it stops nothing."""

    line: int
    words: str
    may_be_meant: bool = False


def lacking(words: Words) -> list[str]:
    """What is said in English for want of words."""
    asked = map(key_of, messages(read_catalogue(TEMPLATE)))
    return [text for context, text in asked if (context, text) not in words.said]


def wrong_in(catalogue: Catalog) -> Iterator[Wrong]:
    """Also what the site never says: an older one may have said it."""
    asked = {key_of(each): each.id for each in messages(read_catalogue(TEMPLATE))}
    for message in messages(catalogue):
        key, line = key_of(message), message.lineno or 1
        if key not in asked:
            yield Wrong(line, f'the site does not say "{shown(key[1])}"', may_be_meant=True)
            continue
        english = asked[key]
        texts = (english,) if isinstance(english, str) else tuple(english)
        for form in filter(None, forms_of(message)):
            yield from (Wrong(line, f'"{shown(key[1])}": {words}') for words in _amiss(texts, form))


def _amiss(texts: tuple[str, ...], form: str) -> Iterator[str]:
    """One form of several may say the number in words."""
    theirs, ours = [names_in(text) for text in texts], names_in(form)
    if strange := ours - set().union(*theirs):
        yield f"there is no %({min(strange)})s in English"
    if forgotten := set.intersection(*theirs) - ours - ({"num"} if len(texts) > 1 else set()):
        yield f"%({min(forgotten)})s is missing"
    if any(unicodedata.category(each) == "Cc" and each != "\n" for each in form):
        yield "has a character that no page can show"


def names_in(text: str) -> set[str]:
    """Those of its placeholders."""
    return set(PLACEHOLDER.findall(text))


def shown(text: str) -> str:
    """On one line, and not for ever."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
