"""The language of a charter: its words come from catalogues, the instance's own and the suite's."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog

from shared.runtime.charter_across import Odd
from shared.runtime.charter_models import Body
from shared.web.catalogue_check import lacking, shown, wrong_in
from shared.web.catalogues import ENGLISH, OURS, CatalogueError, files_of, read_catalogue, words_of
from shared.web.language import Language

FOLDER = "words"
"""In the charter; an instance's own words need not be all there are."""
FIRST = 3


def read_language(directory: Path, body: Body) -> tuple[Language, list[Odd]]:
    """And what is odd about it."""
    own = directory / FOLDER
    paths = files_of(body.language, own)
    if not paths and body.language != ENGLISH:
        return Language(zone=body.zone), [_unspoken(body.language, own)]
    odd: list[Odd] = []
    catalogues: list[Catalog] = []
    for path in paths:
        name = f"{FOLDER}/{path.name}"
        try:
            catalogue = read_catalogue(path, body.language)
        except CatalogueError as error:
            odd.append(Odd(name, (), str(error), line=error.line))
            continue
        catalogues.append(catalogue)
        if path.parent == own:
            odd += _odd_in(name, catalogue)
    words = words_of(catalogues)
    missing = lacking(words) if body.language.partition("-")[0] != ENGLISH else []
    if missing and not any(not each.may_be_meant for each in odd):
        odd.append(_lacks(body.language, missing))
    return Language(body.language, body.zone, words), odd


def _odd_in(name: str, catalogue: Catalog) -> Iterator[Odd]:
    for wrong in wrong_in(catalogue):
        yield Odd(name, (), wrong.words, wrong.may_be_meant, wrong.line)


def _unspoken(tag: str, own: Path) -> Odd:
    known = {path.stem for folder in (own, OURS) for path in folder.glob("*.po")}
    there = ", ".join(sorted({ENGLISH, *known}))
    words = (
        f'there are no words for "{tag}"; there are {there}. They stand in {FOLDER}/{tag}.po beside'
        f" this file: `tribune charter words {tag} DIR` begins one, with the charter's folder for"
        " DIR"
    )
    return Odd("body.toml", ("language",), words)


def _lacks(tag: str, missing: list[str]) -> Odd:
    first = ", ".join(f'"{shown(text)}"' for text in missing[:FIRST])
    more = ", …" if len(missing) > FIRST else ""
    words = f'"{tag}" lacks {len(missing):,} texts, which are said in English: {first}{more}'
    return Odd("body.toml", ("language",), words, may_be_meant=True)
