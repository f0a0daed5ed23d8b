"""The page of charts, and each of them as a picture and as rows; of the figures of other pages."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from typing import get_args

from services.publishing.projections import board, elapsed, heard, kept
from services.publishing.site import chart_heard, chart_months, chart_owners
from services.publishing.site.chart import Chart, Name, last_of, span
from services.publishing.site.owners import IN_A_FILE, OwnersAsked, owners_asked
from services.publishing.site.page import Page
from services.publishing.site.places import Register, region_of
from services.publishing.site.reading import Reader, Reading
from services.publishing.site.sorry import NotFoundError, NothingToShowError
from shared.contracts.place import EVERYWHERE
from shared.runtime.charter import Charter
from shared.web.charts.drawer import Drawer
from shared.web.charts.told import as_file, in_page
from shared.web.frame import Frame
from shared.web.paging import address

CHARTS = "/charts"
NAMES: tuple[Name, ...] = get_args(Name)
A_DAY, LOOKS_BACK = timedelta(days=1), timedelta(days=3 * 365)
Kept = Callable[[Reading, OwnersAsked, int], list[kept.Kept]]


def charts_asked(
    given: Mapping[str, str], places: Mapping[str, str], sectors: Mapping[str, str]
) -> OwnersAsked:
    """Raises NotFoundError."""
    return replace(owners_asked(given, places, sectors), after=None)


class ChartPages:
    """`kept` is how commitments were kept, as the pages of that read it. What is drawn is drawn
    once nothing is read any more, and waited for only as long as reading left: who takes long is
    thought to read a database that is away."""

    def __init__(
        self,
        reader: Reader,
        charter: Charter,
        register: Register,
        frame: Frame,
        kept: Kept,
        drawer: Drawer,
    ) -> None:
        self._reader, self._register, self._frame = reader, register, frame
        self._kept, self._drawer = kept, drawer
        self._sectors = charter.sectors
        self._zones: set[tzinfo] = {frame.language.zone, *charter.zones.values()}

    def all(self, asked: OwnersAsked) -> Page:
        begun = time.monotonic()
        with self._reader.reading() as reading:
            charts = [self._chart(name, reading, asked) for name in NAMES]
        return self._reader.page(
            reading,
            "charts.html",
            asked=asked,
            place=asked.place,
            charts=list(zip(charts, self._drawn(charts, begun), strict=True)),
            query=address("", **asked.told),
            **self._onward(self._today(reading.at), asked),
        )

    def _onward(self, today: date, asked: OwnersAsked) -> dict[str, str]:
        """To the months before and after; nothing where there are none to look at."""
        month = min(today, asked.last).replace(day=1)
        before, after = month - A_DAY, last_of(last_of(month) + A_DAY)
        is_before = before >= max(asked.first, today - LOOKS_BACK)
        ways = {"earlier": (is_before, before), "later": (after <= last_of(today), after)}
        return {
            way: address(CHARTS, **asked.told | {"until": str(day)}) if is_there else ""
            for way, (is_there, day) in ways.items()
        }

    def as_svg(self, name: Name, asked: OwnersAsked) -> Page:
        """Raises NotFoundError where nothing is drawn, NothingToShowError where it is not there
        yet."""
        begun = time.monotonic()
        with self._reader.reading() as reading:
            chart = self._chart(name, reading, asked)
        if chart.wide is None:
            raise NotFoundError
        (drawn,) = self._drawer.draw([chart.wide], begun)
        if drawn is None:
            raise NothingToShowError
        text = as_file(drawn, chart.title, f"{chart.says} {chart.reads}")
        return Page(text, reading.at, reading.missing)

    def as_csv(self, name: Name, asked: OwnersAsked) -> Page:
        with self._reader.reading() as reading:
            chart = self._chart(name, reading, asked)
        return Page(chart.as_csv(), reading.at, reading.missing)

    def _drawn(self, charts: Sequence[Chart], begun: float) -> list[list[str]]:
        """Each for a desk and for a phone; none where not both are there."""
        specs = [spec for each in charts for spec in (each.wide, each.narrow) if spec]
        drawn = iter(self._drawer.draw(specs, begun))
        return [
            _told(each, next(drawn), next(drawn)) if each.wide and each.narrow else []
            for each in charts
        ]

    def _chart(self, name: Name, reading: Reading, asked: OwnersAsked) -> Chart:
        language = self._frame.language
        match name:
            case "done":
                first, last = span(asked, self._today(reading.at))
                last = min(last_of(last), asked.last)
                months = replace(asked, by="month", first=first, last=last)
                return chart_months.done(self._kept(reading, months, IN_A_FILE), language)
            case "days":
                days = span(asked, self._today(reading.at))
                within = self._within(asked)
                found = elapsed.by_month(reading.connection, *days, within, asked.sector)
                return chart_months.days(found, language)
            case "overdue":
                owners = self._kept(reading, replace(asked, by="owner"), IN_A_FILE)
                in_all = self._kept(reading, replace(asked, by="month"), IN_A_FILE)
                return chart_owners.overdue(owners, in_all, language)
            case "heard":
                return self._heard(reading, asked)

    def _heard(self, reading: Reading, asked: OwnersAsked) -> Chart:
        month = min(self._today(reading.at), asked.last).replace(day=1)
        days = max(month, asked.first), min(last_of(month), asked.last)
        found = heard.within(reading.connection, *days, self._within(asked))
        if asked.sector:
            found = {each: many for each, many in found.items() if each[1] == asked.sector}
        everywhere = region_of(board.all_places(reading.connection)) or EVERYWHERE
        region = asked.place or everywhere
        names = self._register, self._sectors, self._frame.language
        return chart_heard.heard(found, region, month, *names)

    def _within(self, asked: OwnersAsked) -> list[str] | None:
        return self._register.within(asked.place) if asked.place else None

    def _today(self, at: datetime) -> date:
        return min(at.astimezone(zone).date() for zone in self._zones)


def _told(chart: Chart, wide: str | None, narrow: str | None) -> list[str]:
    if wide is None or narrow is None:
        return []
    return [
        in_page(each, look, f"{chart.name}-{look}", chart.title, chart.says)
        for look, each in (("wide", wide), ("narrow", narrow))
    ]
