"""Whoever has all open data of all days knows no small figure that PUBLIC does not tell."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from random import Random

import httpx
from attacker import Filed, Outcomes, Seen, outcomes_of_day, possible_outcomes, possible_sums
from public_site import CHARTER, another_report, public_site
from sqlalchemy import Engine
from taken_data import rows

from services.publishing.release.cells import Cell
from shared.contracts.event import Event
from shared.contracts.place import EVERYWHERE, is_within
from shared.testing.examples import PUBLIC_REPORT_CONFIRMED, PUBLIC_REPORT_REFUTED, varied

FEW = 3
TOWN = [("us.a.one", "x"), ("us.a.two", "x"), ("us.b", "x"), ("us", "x")]
PLACES = {EVERYWHERE: "Everywhere", "us": "U", "us.a": "A", "us.a.one": "1", "us.a.two": "2"}
CHARTERED = replace(CHARTER, places=PLACES | {"us.b": "B"}, sectors={"x": "X"})
FIRST = date(2030, 1, 7)


def told(seen: Seen, day: int) -> list[Event]:
    on = FIRST + timedelta(days=day)
    return [
        another_report(place=cell.place, sector=cell.of, on=on)
        for cell, count in seen
        for _ in range(count)
    ]


async def taken(client: httpx.AsyncClient, days: int) -> list[Seen]:
    """What of each day the reports of the open data tell, as the attacker wants it."""
    found = [Counter[Cell]() for _ in range(days)]
    for row in await rows(client, "reports"):
        day = (date.fromisoformat(row["filed_on"]) - FIRST).days
        found[day][Cell(row["place"], row["sector"])] += 1
    return [frozenset(each.items()) for each in found]


async def test_of_a_small_figure_two_values_are_possible_by_all_files(database: Engine) -> None:
    town, random, days = Filed(TOWN, FEW), Random(1), 3
    held = tuple(0 for _ in TOWN)
    new = list[tuple[int, ...]]()
    async with public_site(database, charter=CHARTERED) as site, site.client() as client:
        for day in range(days):
            new.append(tuple(random.choice((0, 1, 1, 2, 3, 5)) for _ in TOWN))
            of_day = town.day(tuple(map(int.__add__, held, new[-1])))
            held = of_day.held
            if events := told(of_day.seen, day):
                await site.hears(*events)
        seen = await taken(client, days)
        assert any(seen), "something came out"
        small = 0
        for of in _sums(range(len(TOWN))):
            for since, through in ((0, 0), (0, 1), (1, 1), (0, 2), (2, 2)):
                true = sum(new[day][leaf] for day in range(since, through + 1) for leaf in of)
                if 1 <= true < FEW:
                    values = possible_sums(town, seen, of, since, through)
                    assert true in values
                    assert len(values) > 1, (of, since, through)
                    small += 1
        assert small > 5, "there were some to be found"
        await _figures_are_sums(client)


def _sums(leaves: Collection[int]) -> list[tuple[int, ...]]:
    return [each for size in range(1, len(leaves) + 1) for each in combinations(leaves, size)]


async def _figures_are_sums(client: httpx.AsyncClient) -> None:
    """So they say nothing that the reports do not."""
    filed = await rows(client, "reports")
    for place in await rows(client, "places"):
        within = [each for each in filed if is_within(each["place"], place["place"])]
        assert place["reports"] == len(within), place["place"]


async def test_what_came_of_protected_reports_is_told_by_no_row(database: Engine) -> None:
    """Each outcome is public under an id of its own; of these there are figures, and no rows."""
    filed, waiting = 2 * FEW + 3, Outcomes(FEW + 1, 1)
    kinds = outcomes_of_day(filed, waiting, FEW)
    assert kinds == ("confirmed",), "of the other too few"
    of = {"confirmed": PUBLIC_REPORT_CONFIRMED, "refuted": PUBLIC_REPORT_REFUTED}
    reports = [another_report(place="us", sector="x", on=FIRST) for _ in range(filed)]
    outcomes = [
        varied(of[kind], report=f"{number:032x}", place="us", sector="x")
        for kind in kinds
        for number in range(getattr(waiting, kind))
    ]
    async with public_site(database, charter=CHARTERED) as site, site.client() as client:
        await site.hears(*reports, *outcomes)
        found = await rows(client, "reports")
        assert len(found) == filed
        assert {(each["outcome"], each["closed_on"]) for each in found} == {(None, None)}
        (us,) = [each for each in await rows(client, "places") if each["place"] == "us"]
    seen = {kind: us[kind] for kind in of if us[kind]}
    assert seen == {"confirmed": FEW + 1}
    (possible,) = possible_outcomes([us["reports"]], [seen], FEW)
    assert {refuted for _, refuted, _ in possible} >= {0, waiting.refuted}
