"""Mappings by which other systems send: files in the folder `hooks` of a charter."""

import re
from collections.abc import Container, Iterator
from pathlib import Path

from shared.contracts.values import CODE_PATTERN
from shared.mapping.mapping import Mapping
from shared.mapping.reading import unusable
from shared.mapping.template import OF_NO_COLUMN
from shared.runtime.files_given import WrongFileError
from shared.runtime.finding import Finding

FOLDER = "hooks"


def files_in(charter: Path) -> list[Path]:
    return sorted((charter / FOLDER).glob("*.toml"))


def read_hook(path: Path, sources: Container[str]) -> Mapping:
    """Raises WrongFileError."""
    if not re.fullmatch(CODE_PATTERN, path.stem):
        raise WrongFileError(f"{path}: its name must be of small letters, digits and hyphens")
    mapping = Mapping(path)
    if findings := list(_wrong_in(mapping, sources)):
        raise unusable(path, findings)
    return mapping


def _wrong_in(mapping: Mapping, sources: Container[str]) -> Iterator[Finding]:
    """What comes has no number among others, so its own key is all that tells it from others."""
    written = mapping.written
    if mapping.source not in sources:
        yield written.finding(("source",), f'"{mapping.source}" is not in sources.toml')
    for number, rule in enumerate(mapping.rules):
        if numbered := OF_NO_COLUMN & set(rule.key):
            words = f"{{{min(numbered)}}} is no key of what comes by a hook: it is always the same"
            yield written.finding(("event", number, "id"), words)
