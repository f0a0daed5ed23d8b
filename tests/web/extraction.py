"""All that the site says, gathered from templates, code and what programs can ask.

`make words` writes it into the template of all catalogues, and brings those of the suite up to it.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from deploy.commands.words import HEAD, written
from services.intake.api import files_router
from services.intake.api import router as for_sources
from services.publishing.api import router
from shared.runtime.http import inner_app, public_app
from shared.web.catalogue_check import TEMPLATE
from shared.web.catalogues import OURS
from shared.web.condition import Condition
from shared.web.docs import SAYS_NOTHING
from shared.web.frame import Frame, House

ROOT = Path(__file__).parents[2]
CODE = ("shared/web", "shared/runtime", "services")
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(("_", "gettext", "marked")),
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def said() -> Catalog:
    catalogue = Catalog(header_comment=HEAD)
    for path, texts in (*_in_files(), ("/api", _for_programs())):
        for text, context in texts:
            catalogue.add(text, context=context, locations=[(path, None)])
    return catalogue


def files() -> list[Path]:
    """In which something may be said."""
    found = [path for folder in CODE for path in (ROOT / folder).rglob("*")]
    return sorted(path for path in found if _how(path) is not None)


def _in_files() -> Iterator[tuple[str, list[tuple[Any, str | None]]]]:
    for path in files():
        how = _how(path)
        assert how is not None
        with path.open("rb") as file:
            found = [(text, context) for _, text, _, context in extract(how, file, KEYWORDS)]
        yield str(path.relative_to(ROOT)), found


def _how(path: Path) -> str | Callable[..., Any] | None:
    match path.suffix:
        case ".py":
            return "python"
        case ".html" | ".atom":
            return babel_extract
        case _:
            return None


def documents() -> Iterator[Mapping[str, Any]]:
    """Of what programs can ask each service; who answers does not matter for it."""
    nobody: Any = None
    for service, routers in (
        ("publishing", [router(nobody)]),
        ("intake", [for_sources(nobody), files_router(nobody)]),
        ("promotion", []),
    ):
        frame = Frame(House("A house"), service)
        yield public_app(frame, [], routers).openapi()
        yield inner_app(frame, Condition).openapi()


def _for_programs() -> list[tuple[Any, str | None]]:
    """They stay English in the documents themselves."""
    told = [text for document in documents() for text in texts(document)]
    return [(text, None) for text in dict.fromkeys(told)]


def texts(document: Mapping[str, Any]) -> Iterator[str]:
    operations = [told for methods in document["paths"].values() for told in methods.values()]
    schemas = document["components"]["schemas"].values()
    described = [
        *operations,
        *(each for told in operations for each in told.get("parameters", ())),
        *(each for told in operations for each in told["responses"].values()),
        *schemas,
        *(each for schema in schemas for each in schema.get("properties", {}).values()),
    ]
    for each in described:
        found = (each.get("summary", ""), each.get("description", ""))
        yield from (text for text in found if text not in ("", SAYS_NOTHING))


def main() -> None:
    """Of a catalogue what is not said any more goes, and what is new comes with nothing for it."""
    template = said()
    TEMPLATE.write_text(written(template))
    for path in OURS.glob("*.po"):
        catalogue = read_po(path.read_text().split("\n"), path.stem.replace("-", "_"))
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path.write_text(written(catalogue))


if __name__ == "__main__":
    main()
