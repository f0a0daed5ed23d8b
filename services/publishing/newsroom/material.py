"""What an issue is composed of: candidates, reports by region, and what regions are owed."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from services.publishing.domain.ranking import Candidate
from services.publishing.domain.share import Measure, is_local, measured, region_in
from services.publishing.newsroom.lines import Lines
from services.publishing.projections import bulletins, heard, issues, told_of, worth
from shared.contracts.bulletin import IN_ALL, HeardFrom, IssueTerms
from shared.contracts.place import is_within
from shared.eventsourcing.projections.read_model import Row

MOST_STORIES, MOST_CHECKS = 500, 20
"""Looked at for an issue; of checks of each region."""
LOOKS_BACK = 12
"""Issues, for what regions are owed."""


@dataclass(frozen=True)
class Material:
    candidates: list[Candidate]
    heard: tuple[HeardFrom, ...]
    owed: dict[str, int]


@dataclass(frozen=True)
class Gathering:
    """Methods block: use a thread, or one connection."""

    lines: Lines
    terms: IssueTerms

    def gather(self, connection: Connection, first: date, last: date, but: str) -> Material:
        """What stands in another issue than `but` is not taken again."""
        used = issues.used(connection, but)
        stories = told_of.told(connection, first, last, MOST_STORIES)
        found = [*self._stories(connection, stories), *self._checks(connection, first, last)]
        there = {each.id: each for each in reversed(found) if each.id not in used}
        heard_of = self._heard(connection, first, last)
        return Material(list(there.values()), heard_of, self._owed(connection))

    def _stories(self, connection: Connection, rows: list[Row]) -> Iterator[Candidate]:
        """Worth what the weightiest is that it rests on."""
        for row in rows:
            named = json.loads(row["sources"])
            there = worth.these(connection, [each["id"] for each in named]).values()
            text = next(
                each for each in json.loads(row["texts"]) if each["number"] == row["number"]
            )
            yield Candidate(
                kind="story",
                id=row["story"],
                sequence=row["sequence"],
                on=row["on"],
                place=row["place"],
                news="story",
                worth=max((told_of.worth_alone(each) for each in there), default=0),
                size=row["size"],
                sector=(row["sectors"].split() or [None])[0],
                witnesses=sum(each["witnesses"] for each in there),
                sources=len(named),
                words=row["words"],
                digest=text["digest"],
            )

    def _checks(self, connection: Connection, first: date, last: date) -> Iterator[Candidate]:
        """Of the regions alone."""
        for within in self._regions().values():
            for row in told_of.settled(connection, first, last, within, MOST_CHECKS):
                value = told_of.worth_alone(row)
                yield self._check(row["thing"], row["on"], row["why"], row, value)
            for row in told_of.fell_due(connection, first, last, within, MOST_CHECKS):
                due = row | {"witnesses": 0}
                yield self._check(row["check"], row["due_on"], "overdue", due, told_of.OVERDUE)

    def _check(self, check: str, on: date, news: str, row: Row, value: int) -> Candidate:
        line = self.lines.of(news, row["place"], row["sector"], on)
        return Candidate(
            kind="check",
            id=check,
            sequence=row["sequence"],
            on=on,
            place=row["place"],
            news=news,  # type: ignore[arg-type]
            worth=value,
            size=len(line.split()),
            sector=row["sector"],
            witnesses=row["witnesses"],
        )

    def _regions(self) -> dict[str, list[str]]:
        """The registered places in each region that is not the centre."""
        found: dict[str, list[str]] = {}
        for place in self.lines.places:
            region = region_in(place, self.terms.within)
            if is_local(region, self.terms) and is_within(place, self.terms.within):
                found.setdefault(region, []).append(place)
        return found

    def _heard(self, connection: Connection, first: date, last: date) -> tuple[HeardFrom, ...]:
        """The most first. What lies outside is none of an issue's."""
        within = self.terms.within
        found = Counter[str]()
        for (place, _), number in heard.within(connection, first, last).items():
            if is_within(place, within):
                found[region_in(place, within)] += number
        ordered = sorted(found.items(), key=lambda each: (-each[1], each[0]))
        return tuple(HeardFrom(region=region, reports=number) for region, number in ordered)

    def _owed(self, connection: Connection) -> dict[str, int]:
        rows = bulletins.newest(connection, LOOKS_BACK)
        found = [bulletins.contents_of(row) for row in rows]
        return owed(
            measure for each in found for measure in measured(each.items, each.heard, each.terms)
        )


def owed(measures: Iterable[Measure]) -> dict[str, int]:
    """By how many percent points each region had less of the items than of the reports."""
    found: dict[str, Measure] = {}
    for each in measures:
        found[each.region] = found.get(each.region, Measure(each.region)).plus(each)
    reports = sum(each.reports for each in found.values())
    items = sum(each.items for each in found.values())
    if not reports or not items:
        return {}
    points = {
        each.region: IN_ALL * each.reports // reports - IN_ALL * each.items // items
        for each in found.values()
    }
    return {region: each for region, each in points.items() if each > 0}
