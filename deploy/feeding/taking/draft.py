"""A charter to begin with: the places and sectors of a file, for somebody to go over."""

import json
from collections.abc import Collection, Iterator
from pathlib import Path

from deploy.feeding.taking.take import Taken
from deploy.given import WrongFileError
from shared.contracts.place import EVERYWHERE
from shared.mapping.codes import Names
from shared.mapping.mapping import Mapping
from shared.runtime.charter_base import LONGEST_NAME, is_seen
from shared.runtime.charter_models import FILES, TO_BE_NAMED
from shared.runtime.outside import harmless

BODY = """# The oversight body whose instance this is. `notice` stands on every page if not empty.
name = "{body}"
notice = ""
# `language` is that of the pages, `zone` the time zone whose days they show.
language = "en"
zone = "{zone}"
"""
PLACES = """# The register of places: "code" = "name"; its parts lead from the whole to the part.
# Found in {file}, and what lies above. Mend the names, and no code that is in use.
"""
SECTORS = """# Fields of life or work: code = "name". Found in {file}.
"""
SOURCES = """# Upstream systems that may send us events: code = "what it is".
{source} = "{name}"
"""
TRACKS = """# Ways to qualify, as [[track]]; see the charter that comes with Tribune. None yet.
"""


def write_draft(directory: Path, taken: Taken, mapping: Mapping, file: str) -> list[str]:
    """The files that were written. Raises WrongFileError where one of them is there already."""
    there = [name for name in FILES if (directory / name).exists()]
    if there:
        raise WrongFileError(f"{directory} has {', '.join(there)} already; name a new folder")
    names, file = mapping.names, harmless(file)
    places = _with_those_above(taken.codes["place"])
    texts = {
        "body.toml": BODY.format(body=_for_now("Name of the body"), zone=mapping.shape.time_zone),
        "places.toml": PLACES.format(file=file) + _lines(places, names["place"]),
        "sectors.toml": SECTORS.format(file=file) + _lines(taken.codes["sector"], names["sector"]),
        "sources.toml": SOURCES.format(source=taken.source, name=_for_now(taken.source)),
        "tracks.toml": TRACKS,
    }
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (directory / name).write_text(text, encoding="utf-8")
    return list(texts)


def _with_those_above(places: Collection[str]) -> Collection[str]:
    found: set[str] = set()
    for place in places:
        parts = place.split(".")
        found |= {".".join(parts[:until]) for until in range(1, len(parts) + 1)}
    return found - {EVERYWHERE}


def _lines(codes: Collection[str], names: Names) -> str:
    return "".join(_line(code, names) for code in sorted(codes))


def _line(code: str, names: Names) -> str:
    name = "".join(_seen(" ".join(names.of.get(code, "").split())))[:LONGEST_NAME].strip()
    return f"{_quoted(code)} = {_quoted(name or _for_now(_made_from(code)))}\n"


def _for_now(name: str) -> str:
    """`tribune charter check` warns of it until somebody has put a name there."""
    return f"{name} {TO_BE_NAMED}"


def _seen(name: str) -> Iterator[str]:
    return (sign for sign in name if is_seen(sign))


def _made_from(code: str) -> str:
    return code.rpartition(".")[2].replace("-", " ").title()


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
