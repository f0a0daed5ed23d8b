"""A register of associations, made after the shape of real ones: names in three scripts,
federations of federations, mergers that lead on to others, ends; by a seed, always the same."""

# ruff: noqa: RUF001  scripts are what it is about
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

PLACES = ("roxbury", "dorchester", "allston", "charlestown", "mattapan", "roslindale")
SECTORS = ("Street Lights", "Sidewalks", "Trees", "")
WORDS = (
    (
        *("Friends", "Union", "Society", "Circle", "Choir"),
        *("lamps", "gardens", "chess", "readers"),
    ),
    (*("Общество", "Союз", "Кружок", "Хор"), *("садоводов", "шахмат", "чтецов", "радио")),
    (*("協会", "友の会", "合唱団", "連盟"), *("庭園", "将棋", "読書", "無線")),
)
TAGS = ("music", "gardens", "Чтение", "無線", "sport", "old people")
FIRST, LAST = date(1861, 1, 1), date(2029, 12, 31)
IN_A_HUNDRED = {"federation": 1, "member": 30, "merged": 4, "ended": 12}
COLUMNS = (
    *("number", "name", "cause", "tags", "places", "sector", "stated", "founded", "ended"),
    *("federations", "into"),
)
MAPPING = """
source = "rna"
time_zone = "Europe/Paris"
[times]
formats = ["%d/%m/%Y"]
[[event]]
kind = "society.registered"
id = "{number}/{stated}"
when = "stated"
[event.data]
registration = "{number}"
name = "{name}"
cause = "{cause}"
tags = { list = "tags", separator = ";" }
places = { list = "places", separator = ";", under = "us.ma.boston" }
sectors = { list = "sector", codes = true }
stated_at = { instant = "stated" }
founded_on = { day = "founded" }
ended_on = { day = "ended" }
federations = { list = "federations", separator = ";" }
merged_into = "{into}"
"""


@dataclass
class Association:
    number: str
    name: str
    tags: tuple[str, ...]
    places: tuple[str, ...]
    sector: str
    founded: date
    ended: date | None = None
    federations: list[str] = field(default_factory=list)
    into: str = ""
    stated: date = date(2030, 1, 2)

    @property
    def row(self) -> dict[str, str]:
        return {
            "number": self.number,
            "name": self.name,
            "cause": f"For {self.tags[0] if self.tags else 'all'}, since {self.founded.year}",
            "tags": ";".join(self.tags),
            "places": "; ".join(self.places),
            "sector": self.sector,
            "stated": _written(self.stated),
            "founded": _written(self.founded),
            "ended": _written(self.ended) if self.ended else "",
            "federations": ";".join(self.federations),
            "into": self.into,
        }


def register(seed: int, size: int) -> list[Association]:
    chance = Random(seed)
    made = [_one(chance, number) for number in range(size)]
    federations = made[: max(1, size * IN_A_HUNDRED["federation"] // 100)]
    for at, each in enumerate(made):
        # A federation is a member of one before it alone, so that none is in itself.
        above = federations[:at]
        if above and chance.randrange(100) < IN_A_HUNDRED["member"]:
            some = chance.sample(above, min(len(above), chance.choice((1, 1, 2))))
            each.federations = sorted(one.number for one in some)
        drawn = chance.randrange(100)
        later = made[at + 1 :]
        if later and drawn < IN_A_HUNDRED["merged"]:
            each.ended = _day(chance, each.founded)
            each.into = chance.choice(later[:50]).number
        elif drawn < IN_A_HUNDRED["merged"] + IN_A_HUNDRED["ended"]:
            each.ended = _day(chance, each.founded)
    return made


def write(associations: list[Association], path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(each.row for each in associations)
    return path


def heads(associations: list[Association]) -> dict[str, str]:
    """By number what each goes on as at last, counted apart from what is tested."""
    into = {each.number: each.into for each in associations}
    return {number: _last(into, number) for number in into}


def _last(into: dict[str, str], number: str) -> str:
    while into[number]:
        number = into[number]
    return number


def _one(chance: Random, number: int) -> Association:
    script = WORDS[chance.choice((0, 0, 1, 2))]
    name = f"{chance.choice(script[:-4])} {chance.choice(script[-4:])} {number:,}"
    places = chance.sample(PLACES, chance.choice((1, 1, 1, 2)))
    tags = chance.sample(TAGS, chance.randrange(3))
    founded = _day(chance, FIRST)
    where, sector = tuple(sorted(places)), chance.choice(SECTORS)
    return Association(f"W{number:09}", name, tuple(tags), where, sector, founded)


def _day(chance: Random, since: date) -> date:
    return since + timedelta(days=chance.randrange(max(1, (LAST - since).days)))


def _written(day: date) -> str:
    return f"{day:%d/%m}/{day.year:04}"


def as_json(associations: list[Association]) -> Iterator[str]:
    yield from (json.dumps(each.row, ensure_ascii=False) for each in associations)
