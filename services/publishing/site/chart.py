"""A chart: its words, its table, its rows for spreadsheets, and what is drawn. Pure."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from services.publishing.site.owners import OwnersAsked
from shared.contracts.values import EARLIEST
from shared.web.charts.frame import Canvas, Spec
from shared.web.csv_cells import harmless
from shared.web.language import Language

Name = Literal["done", "days", "overdue", "heard"]
MONTHS = 12
WIDE, NARROW = 720, 340


@dataclass(frozen=True)
class Chart:
    """`says` is what is to be seen, `reads` how it is read. `rows` are as readers see them, `cells`
    as programs do. Of nothing nothing is drawn."""

    name: Name
    title: str
    says: str
    reads: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    columns: tuple[str, ...]
    cells: Sequence[tuple[str | int | float | None, ...]]
    wide: Spec | None = field(default=None, repr=False)
    narrow: Spec | None = field(default=None, repr=False)

    def as_csv(self) -> str:
        text = io.StringIO()
        rows = csv.writer(text)
        rows.writerow(self.columns)
        rows.writerows([_cell(each) for each in row] for row in self.cells)
        return text.getvalue()


def _cell(value: str | float | None) -> str | float:
    if isinstance(value, float):
        return f"{value:.4f}"
    return harmless(value) if isinstance(value, str) else "" if value is None else value


def canvases(language: Language) -> tuple[Canvas, Canvas]:
    is_rtl = language.direction == "rtl"
    return Canvas(WIDE, is_rtl), Canvas(NARROW, is_rtl)


def day_of(month: str) -> date:
    """Its first, of 2030-01."""
    return date.fromisoformat(f"{month}-01")


def last_of(day: date) -> date:
    following = day.replace(day=28) + timedelta(days=4)
    return following - timedelta(days=following.day)


def span(asked: OwnersAsked, today: date) -> tuple[date, date]:
    """Of the days that are asked for those that have been; a year where nothing is said."""
    last = min(asked.last, today)
    if asked.first != EARLIEST.date():
        return asked.first, last
    months = last.year * 12 + last.month - MONTHS
    return date(months // 12, months % 12 + 1, 1), last
