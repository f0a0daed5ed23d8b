"""Codes from names in any script, and which names fell together in one."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from anyascii import anyascii

LONGEST_CODE = 60
REMEMBERED = 4_096
UNSEEN = "".join(
    [
        "\u00ad\u061c\u180e\u200b\u200e\u200f\ufeff",
        *map(chr, (*range(0x202A, 0x202F), *range(0x2060, 0x2070))),
    ]
)
"""Marks of direction and signs without width, which come along when texts are copied. Not the two
joiners, without which whole languages are written otherwise."""

_WITHOUT_UNSEEN = dict.fromkeys(map(ord, UNSEEN))
_AROUND = UNSEEN + "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace())
MOST_NAMES = 20_000
"""So many names are looked at: a column with more is no list of places or sectors."""


@lru_cache(REMEMBERED)
def code_of(name: str) -> str:
    """Small letters, digits and hyphens, at most 60 of them; "" where nothing of it can be read."""
    latin = name if name.isascii() else anyascii(unicodedata.normalize("NFC", name))
    code = re.sub(r"[^a-z0-9]+", "-", latin.lower()).strip("-")
    if len(code) > LONGEST_CODE:
        whole, cut, _ = code[: LONGEST_CODE + 1].rpartition("-")
        code = whole if cut else code[:LONGEST_CODE]
    return code


def bare(text: str) -> str:
    """Without spaces around it, and without what can't be seen there."""
    return text.strip() if text.isascii() else text.strip(_AROUND)


def seen(text: str) -> str:
    """Without what can't be seen in it."""
    return text if text.isascii() else text.translate(_WITHOUT_UNSEEN)


def folded(text: str) -> str:
    """The same for what differs only in case, in spaces, in how accents are stored, or in what
    can't be seen."""
    return " ".join(unicodedata.normalize("NFC", seen(text)).casefold().split())


@dataclass
class Names:
    """What the codes of one field were called, in the spelling that came first."""

    of: dict[str, str] = field(default_factory=dict)
    together: dict[str, list[str]] = field(default_factory=dict)
    """By code the names that differ in more than case and spaces, where there are several."""
    _known: set[tuple[str, str]] = field(default_factory=set)
    _folded: dict[str, set[str]] = field(default_factory=dict)

    def note(self, code: str, name: str) -> None:
        if (code, name) in self._known or len(self._known) >= MOST_NAMES:
            return
        self._known.add((code, name))
        first = self.of.setdefault(code, name)
        spellings = self._folded.setdefault(code, {folded(first)})
        if (spelled := folded(name)) not in spellings:
            spellings.add(spelled)
            self.together.setdefault(code, [first]).append(name)

    def falling_together(self) -> Iterator[tuple[str, list[str]]]:
        yield from sorted(self.together.items())
