"""`tribune charter words`: begins a charter's catalogue, or brings it up to what the site says."""

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from deploy.given import UnknownNameError, WrongFileError
from shared.runtime.charter_language import FOLDER
from shared.runtime.settings import Settings
from shared.web.catalogue_check import TEMPLATE, lacking
from shared.web.catalogues import (
    CatalogueError,
    files_of,
    locale_of,
    read_catalogue,
    words_of,
)

HEAD = "# All that the site says. docs/languages.md tells how a language is added."


def words(tag: str, given: Path | None) -> int:
    """What stands in the file stays. Raises UnknownNameError and WrongFileError."""
    locale = locale_of(tag)
    if locale is None:
        raise UnknownNameError(f'"{tag}" is no language, such as fr or pt-BR')
    own = (given or Settings().charter_dir) / FOLDER
    path = own / f"{tag}.po"
    try:
        known = [read_catalogue(each, tag) for each in files_of(tag, own)]
        catalogue = known[0] if path.is_file() else Catalog(locale, header_comment=HEAD)
        missing = len(lacking(words_of(known)))
        catalogue.update(read_catalogue(TEMPLATE), no_fuzzy_matching=True)
        path.parent.mkdir(exist_ok=True)
        path.write_text(written(catalogue), encoding="utf-8")
    except CatalogueError as error:
        raise WrongFileError(f"{tag}.po, line {error.line}: {error}") from None
    except OSError as error:
        raise WrongFileError(f"{path} can't be written: {error.strerror}") from None
    print(f"{path}: {missing} texts are said in English still")  # noqa: T201
    return 0


def written(catalogue: Catalog) -> str:
    """Without dates, line numbers and whatever else would change all the time."""
    out = io.BytesIO()
    write_po(out, catalogue, width=100, omit_header=True, include_lineno=False)
    lines = [catalogue.header_comment, 'msgid ""', 'msgstr ""']
    lines.append(r'"Content-Type: text/plain; charset=utf-8\n"')
    if catalogue.locale:
        lines.append(rf'"Language: {catalogue.locale}\n"')
        lines.append(rf'"Plural-Forms: {catalogue.plural_forms}\n"')
    return "\n".join(lines) + "\n\n" + out.getvalue().decode().strip() + "\n"
