"""Whether a mapping fits a file: columns that are not there, or empty, and keys of one file."""

from collections.abc import Iterator

from deploy.feeding.tables.record import Table
from shared.mapping.mapping import Mapping
from shared.mapping.reading import unusable
from shared.mapping.template import FILE_NAME, ROW_NUMBER, Template
from shared.runtime.outside import harmless
from shared.runtime.toml_lines import Key
from shared.runtime.toml_words import meant, shown


def look_for(wanted: dict[str, Key], mapping: Mapping, table: Table) -> None:
    """Raises WrongFileError."""
    if table.columns is None:
        return
    there = [column for column in table.columns if column]
    _refuse([name for name in wanted if name not in there], there, mapping, table)


def only_of_one_file(mapping: Mapping) -> Iterator[str]:
    """A second file with the same source begins with row 1 as well; told once, of the first."""
    for number, rule in enumerate(mapping.rules):
        if ROW_NUMBER in rule.key and FILE_NAME not in rule.key:
            words = (
                "{#row} is a key within one file only: rows of another file have the same, and are"
                " taken for duplicates of these; {#file}/{#row} keeps them apart"
            )
            yield str(mapping.written.finding(("event", number, "id"), words))
            return


def missed_in(missed: set[str], mapping: Mapping, table: Table) -> Iterator[str]:
    """Where each row has its own columns, one that none has may be misspelt, or just be empty."""
    for name, key in mapping.columns().items():
        if table.columns is None and name in missed:
            words = f'no row has anything in "{harmless(name)}"{_without_braces(name)}'
            yield str(mapping.written.finding(key, words))


def _refuse(missing: list[str], there: list[str], mapping: Mapping, table: Table) -> None:
    if not missing:
        return
    keys, written = mapping.columns(), mapping.written
    how = f"is no column of {table.path.name}, read as {table.described()}"
    findings = [
        written.finding(
            keys[name], f'"{harmless(name)}" {how}{_without_braces(name) or meant(name, there)}'
        )
        for name in missing
    ]
    raise unusable(written.path, findings)


def _without_braces(name: str) -> str:
    """What to write instead, if it is a text with columns in it."""
    try:
        columns = Template(name).columns
    except ValueError:
        return ""
    if not columns:
        return ""
    several = f" and several as a list, [{', '.join(map(shown, columns))}]"
    return f"; columns stand here without braces{several if len(columns) > 1 else ''}"
