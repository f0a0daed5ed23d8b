"""Several entries in one cell, as a list; each of them once."""

from collections.abc import Callable

from shared.contracts.place import way_to
from shared.mapping.cells import coded
from shared.mapping.codes import Names
from shared.mapping.template import Row
from shared.mapping.value_rules import ListRule


def list_of(
    rule: ListRule, alias: Callable[[str], str], names: Names
) -> Callable[[Row], list[str]]:
    is_place = rule.under is not None
    region = way_to(rule.under) if rule.under else []

    def entry(column: str, cell: str) -> str:
        name = alias(cell)
        if not is_place and not rule.codes:
            return name
        code = ".".join([*region, coded(column, name)])
        names.note(code, name)
        return code

    def of(row: Row) -> list[str]:
        found = [
            entry(column, cell)
            for column in rule.list
            for part in row[column].split(rule.separator)
            if (cell := part.strip())
        ]
        return list(dict.fromkeys(found)) or [each for each in (rule.empty,) if each]

    return of
