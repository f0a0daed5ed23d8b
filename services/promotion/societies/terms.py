"""What of a text is looked for: its words, without case and accents, in whatever script."""

import re
from collections.abc import Collection, Iterator
from unicodedata import combining, normalize

WORD = re.compile(r"[^\W_]+")
UNSPACED = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")
"""Scripts that put no spaces between words: each two signs that stand together are one."""

LONGEST = 40
MOST_SOUGHT = 12
PAIR, SHORTEST = 2, 3


def terms_of(text: str) -> list[str]:
    """Each once, in their order."""
    return list(dict.fromkeys(_terms(text, alone=True)))


def sought_in(typed: str) -> list[str]:
    """What has to begin a word of what is found; the first so many."""
    return list(dict.fromkeys(_terms(typed, alone=False)))[:MOST_SOUGHT]


def telling(terms: Collection[str]) -> list[str]:
    """Those by which two texts may be found to be about the same."""
    return [term for term in terms if len(term) >= (PAIR if UNSPACED.match(term) else SHORTEST)]


def begins_words(term: str) -> bool:
    """A single letter begins a good part of all words there are, and so is sought as a word."""
    return len(term) >= PAIR or UNSPACED.match(term) is not None


def tag_term(tag: str) -> str:
    """One term for a tag of several words, which is found as a whole alone."""
    return f"t{' '.join(tag.casefold().split()).encode().hex()}"


def _terms(text: str, *, alone: bool) -> Iterator[str]:
    """`alone`: the last sign of what has no spaces is one, too, so that each is found."""
    plain = normalize("NFKD", text.casefold())
    for run in WORD.findall("".join(sign for sign in plain if not combining(sign))):
        at = 0
        for unspaced in UNSPACED.finditer(run):
            yield from _spaced(run[at : unspaced.start()])
            signs, at = unspaced.group(), unspaced.end()
            last = len(signs) if alone or len(signs) == 1 else len(signs) - 1
            yield from (signs[first : first + 2] for first in range(last))
        yield from _spaced(run[at:])


def _spaced(part: str) -> Iterator[str]:
    if part:
        yield part[:LONGEST]
