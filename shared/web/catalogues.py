"""Catalogues: gettext's .po files, which say in another language what the site says in English."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from gettext import c2py
from pathlib import Path
from typing import TypeAlias

from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

OURS = Path(__file__).parent / "words"
ENGLISH = "en"
NUMBERS_TRIED = 1_000
"""No language tells larger ones apart otherwise than by their last digits."""

PLACEHOLDER = re.compile(r"%\((\w+)\)s")
Key: TypeAlias = tuple[str, str]
"""The context, mostly none, and the English text; of one that counts, that for a single thing."""


class CatalogueError(Exception):
    """A file is no catalogue; `line` says where."""

    def __init__(self, line: int, words: str) -> None:
        super().__init__(words)
        self.line = line


@dataclass(frozen=True)
class Said:
    """What stands for one text: one form, or one for each kind of number."""

    forms: tuple[str, ...]
    which: Callable[[int], int]


@dataclass(frozen=True)
class Words:
    """What is not among them is said in English."""

    said: Mapping[Key, Said] = field(default_factory=dict)

    def one(self, text: str, context: str = "") -> str:
        found = self.said.get((context, text))
        return found.forms[0] if found else text

    def several(self, one: str, many: str, number: int) -> str:
        found = self.said.get(("", one))
        if found is None:
            return one if number == 1 else many
        return found.forms[min(found.which(number), len(found.forms) - 1)]


def locale_of(tag: str) -> Locale | None:
    """For a language of which Babel knows how it writes numbers and dates, as `fr` or `pt-BR`."""
    try:
        found = Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return None
    return found if "-".join(filter(None, _parts(found, tag))) == tag else None


def _parts(found: Locale, tag: str) -> tuple[str | None, ...]:
    """Babel adds a script where it knows one."""
    script = found.script if found.script and found.script in tag else None
    return found.language, script, found.territory, found.variant


def wider(tag: str) -> list[str]:
    """`pt-BR` and `pt`: the nearest first."""
    parts = tag.split("-")
    return ["-".join(parts[:end]) for end in range(len(parts), 0, -1)]


def files_of(tag: str, own: Path | None = None) -> list[Path]:
    """The catalogues of a language, what counts most first. `own` is the folder of an instance's,
    which go before ours."""
    folders = [OURS] if own is None else [own, OURS]
    named = [folder / f"{each}.po" for each in wider(tag) for folder in folders]
    return [path for path in named if path.is_file()]


def read_catalogue(path: Path, tag: str = ENGLISH) -> Catalog:
    """Raises CatalogueError."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        catalogue = read_po(lines, Locale.parse(tag, sep="-"), abort_invalid=True)
        _require_forms(catalogue)
    except PoFileError as error:
        what = str(error).rpartition(" on ")[0]
        raise CatalogueError(error.lineno + 1, f"this is no catalogue: {what}") from None
    except UnicodeDecodeError:
        raise CatalogueError(1, "is no text in UTF-8") from None
    except OSError as error:
        raise CatalogueError(1, f"can't be read: {error.strerror}") from None
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise CatalogueError(1, f"its head can't be used: {error}") from None
    return catalogue


def _require_forms(catalogue: Catalog) -> None:
    """Raises ValueError or ArithmeticError where a number has none of the forms that there are: the
    page that says it could not be shown."""
    which = c2py(catalogue.plural_expr)
    for number in range(NUMBERS_TRIED):
        if not 0 <= which(number) < catalogue.num_plurals:
            raise ValueError(
                f"by its Plural-Forms {number} has the form {which(number)}, and they are counted"
                f" from 0 to {catalogue.num_plurals - 1}"
            )


def words_of(catalogues: Iterable[Catalog]) -> Words:
    """What counts most comes first. What is empty or fuzzy is left to the next, then to English."""
    said: dict[Key, Said] = {}
    for catalogue in catalogues:
        which = c2py(catalogue.plural_expr)
        for each in messages(catalogue):
            if all(forms_of(each)) and not each.fuzzy:
                said.setdefault(key_of(each), Said(forms_of(each), which))
    return Words(said)


def messages(catalogue: Catalog) -> list[Message]:
    """Without its head."""
    return [message for message in catalogue if message.id]


def key_of(message: Message) -> Key:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return message.context or "", text


def forms_of(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
