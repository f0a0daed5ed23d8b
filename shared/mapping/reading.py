"""Reads a mapping file; what is wrong with it is told by line and key, all of it at once."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from shared.mapping.across import look_across
from shared.mapping.language import MappingShape
from shared.mapping.words import in_our_words, way_to
from shared.runtime.files_given import WrongFileError, read_given
from shared.runtime.finding import Finding
from shared.runtime.toml_lines import Document, Key, read_toml


@dataclass(frozen=True)
class Written:
    """A mapping as it is written, so that each of its keys has its line."""

    path: Path
    shape: MappingShape
    document: Document

    def finding(self, key: Key, words: str) -> Finding:
        return Finding(str(self.path), self.document.line(key), words)


def read_mapping(path: Path) -> Written:
    """Raises WrongFileError."""
    text = read_given(path, lambda given: given.read_text(encoding="utf-8-sig"))
    document = read_toml(text)
    findings = [Finding(str(path), line, words) for line, words in document.problems]
    try:
        shape = MappingShape.model_validate(document.data)
    except ValidationError as error:
        for found in error.errors(include_url=False):
            if found["type"] == "missing" and document.problems:
                continue  # it may stand in a line that could not be read
            line = document.line(way_to(found["loc"]))
            findings.append(Finding(str(path), line, in_our_words(found)))
    else:
        findings += [
            Finding(str(path), document.line(key), words) for key, words in look_across(shape)
        ]
    if findings:
        raise unusable(path, findings)
    return Written(path, shape, document)


def unusable(path: Path, findings: list[Finding]) -> WrongFileError:
    findings.sort(key=lambda found: found.line or 0)
    lines = "\n  ".join(map(str, findings))
    return WrongFileError(f"the mapping {path} can't be used:\n  {lines}")
