"""Value rules as functions: what a field of an event is in a given row."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from shared.contracts.place import way_to
from shared.mapping.cells import CellError, by_words, coded, truth_of
from shared.mapping.codes import REMEMBERED, Names, folded
from shared.mapping.lists import list_of
from shared.mapping.making_up import made_up
from shared.mapping.template import Row, Template, joined
from shared.mapping.times import Moment, Times
from shared.mapping.value_rules import (
    AfterRule,
    DayRule,
    InstantRule,
    ListRule,
    MadeUpRule,
    Number,
    PlaceRule,
    SlugRule,
    TextRule,
    TruthRule,
    WordsRule,
)

Of = Callable[[Row], Any]
_NO_FRACTION = re.compile("[.,]0+$")
MOST_DIGITS = 18
DUE = "due_at"
"""The field in which a day without a time means its end."""


class Values:
    """Of one mapping. `names` are what the codes of places and sectors were called."""

    def __init__(self, times: Times, tables: Mapping[str, Mapping[str, str]]) -> None:
        self._times = times
        self._tables = {
            name: {folded(key): value for key, value in table.items()}
            for name, table in tables.items()
        }
        self.names: dict[str, Names] = {"place": Names(), "sector": Names()}

    def of(self, field: str, rule: Any) -> Of:
        match rule:
            case str():
                filled = Template(rule).filled()
                return lambda row: filled(row).strip()
            case TextRule():
                return self._text(rule)
            case PlaceRule():
                return self._place(rule, self._named(field))
            case SlugRule():
                return self._slug(rule, self._named(field))
            case ListRule():
                alias = self._alias(rule.aliases, rule.otherwise)
                return list_of(rule, alias, self._named(field.removesuffix("s")))
            case DayRule():
                return self._day(rule)
            case InstantRule() | AfterRule():
                return self._instant(rule, "end" if field == DUE else "start")
            case WordsRule():
                return by_words(rule)
            case TruthRule():
                return truth_of(rule)
            case MadeUpRule():
                size, covering = rule.in_each, rule.covering
                return lambda row: made_up(
                    [row[column] for column in rule.made_up], row[rule.turn], size, covering
                )
            case _:
                return lambda _: rule

    def _named(self, field: str) -> Names:
        return self.names.setdefault(field, Names())

    def moment(self, row: Row, columns: Sequence[str]) -> Moment:
        """Raises CellError."""
        text = joined(row, columns)
        try:
            return self._times.read(text)
        except ValueError as error:
            hint = lambda: self._times.hint(text)  # noqa: E731
            raise CellError(", ".join(columns), text, str(error), hint) from None

    def _alias(self, table: str | None, otherwise: str | None = None) -> Callable[[str], str]:
        if table is None:
            return lambda text: text
        known = self._tables[table]
        return lambda text: known.get(folded(text), text if otherwise is None else otherwise)

    def _text(self, rule: TextRule) -> Callable[[Row], str]:
        filled, alias = Template(rule.text).filled(), self._alias(rule.aliases, rule.otherwise)

        def text(row: Row) -> str:
            found = filled(row).strip()
            return alias(found) if found else rule.empty

        return text

    def _place(self, rule: PlaceRule, names: Names) -> Of:
        alias = self._alias(rule.aliases)
        same = {"", *map(folded, rule.same_as_whole)}

        @lru_cache(REMEMBERED)
        def place(*cells: str) -> str:
            code = way_to(rule.under)
            for column, cell in zip(rule.place, cells, strict=True):
                if folded(name := alias(cell)) not in same:
                    code.append(coded(column, name))
                    names.note(".".join(code), name)
            return ".".join(code) or rule.under

        def of(row: Row) -> str:
            cells = [row[column] for column in rule.place]
            if not any(cells):
                cells[-1] = rule.empty
            return place(*cells)

        return of

    def _day(self, rule: DayRule) -> Callable[[Row], str]:
        def day(row: Row) -> str:
            if not (text := joined(row, rule.day)):
                return ""
            try:
                return self._times.day(text).isoformat()
            except ValueError as error:
                hint = lambda: self._times.hint(text)  # noqa: E731
                raise CellError(", ".join(rule.day), text, str(error), hint) from None

        return day

    def _slug(self, rule: SlugRule, names: Names) -> Of:
        alias = self._alias(rule.aliases)

        @lru_cache(REMEMBERED)
        def slug(cell: str) -> str:
            name = alias(cell)
            code = coded(rule.slug, name)
            names.note(code, name)
            return code

        return lambda row: slug(row[rule.slug] or rule.empty)

    def _instant(self, rule: InstantRule | AfterRule, day_means: str) -> Of:
        if isinstance(rule, AfterRule):
            return self._after(rule)
        columns, ends = rule.instant, (rule.day_means or day_means) == "end"
        other = self._instant(rule.empty, day_means) if rule.empty else None

        def instant(row: Row) -> str:
            if not joined(row, columns) and other:
                return str(other(row))
            moment = self.moment(row, columns)
            at = self._times.end_of(moment) if ends and moment.is_day else moment.at
            return at.isoformat()

        return instant

    def _after(self, rule: AfterRule) -> Of:
        count = self._number(rule.days if rule.hours is None else rule.hours)

        def after(row: Row) -> str:
            moment, number = self.moment(row, rule.after), count(row)
            try:
                if rule.hours is None:
                    return self._times.end_of(moment, number).isoformat()
                return (moment.at + timedelta(hours=number)).isoformat()
            except OverflowError:
                words = f"has no day {number} later"
                raise CellError(", ".join(rule.after), joined(row, rule.after), words) from None

        return after

    def _number(self, rule: Number | None) -> Callable[[Row], int]:
        if isinstance(rule, int):
            return lambda _: rule
        shape = rule if isinstance(rule, TextRule) else TextRule(text=str(rule))
        text, columns = self._text(shape), Template(shape.text).columns

        def number(row: Row) -> int:
            found = text(row)
            whole = _NO_FRACTION.sub("", found)
            if not whole.isdecimal():
                raise CellError(", ".join(columns), found, "is no whole number of days or hours")
            if len(whole) > MOST_DIGITS:
                raise CellError(", ".join(columns), found, "is too many days or hours")
            return int(whole)

        return number
