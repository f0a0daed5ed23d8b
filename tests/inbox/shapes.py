"""Files of many cities, made by scripts; others read them again, without any code of ours."""

import csv
import gzip
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

HEAD = """source = "boston"
time_zone = "{zone}"
{more}
[[event]]
kind = "report.submitted"
id = "{key}/submitted"
when = "{when}"
[event.data]
report = "{key}"
place = {{ place = {place}, under = "xx" }}
sector = {{ slug = "{sector}" }}
text = "{text}"
filed_at = {{ instant = "{when}" }}
confidential = false
"""


@dataclass(frozen=True)
class Said:
    """Of one report, as the log shall have it."""

    filed_at: datetime
    text: str
    place: str
    sector: str


@dataclass(frozen=True)
class Shape:
    """`count` reads the file as a script would that knows only this file."""

    name: str
    mapping: str
    write: Callable[[Path, int], None]
    count: Callable[[Path], Iterator[tuple[str, Said]]]


def drawn(number: int) -> random.Random:
    return random.Random(1925 + number)


def moment(number: int) -> datetime:
    return datetime(2028, 1, 1) + timedelta(minutes=37 * number)


def in_utc(text: str, form: str, zone: str) -> datetime:
    local = datetime.strptime(text, form)  # noqa: DTZ007  the next line says which zone
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


# --- Semicolons, Latin-1, the day first -----------------------------------

BEZIRKE = {"Süd": "sud", "Köln-Nord": "koln-nord", "Mitte": "mitte"}
ARTEN = {"Grünflächen": "grunflachen", "Straße": "strasse", "Müll": "mull"}


def write_semicolons(path: Path, rows: int) -> None:
    with path.open("w", encoding="latin-1", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Nr", "Bezirk", "Art", "Text", "Eingang"])
        for number in range(rows):
            bezirk, art = (drawn(number).choice([*names]) for names in (BEZIRKE, ARTEN))
            text = f'Größe; "{number}"\nzweite Zeile'
            writer.writerow([number, bezirk, art, text, f"{moment(number):%d.%m.%Y %H:%M}"])


def count_semicolons(path: Path) -> Iterator[tuple[str, Said]]:
    with path.open(encoding="latin-1", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            at = in_utc(row["Eingang"], "%d.%m.%Y %H:%M", "Europe/Berlin")
            place, sector = f"xx.{BEZIRKE[row['Bezirk']]}", ARTEN[row["Art"]]
            yield row["Nr"], Said(at, row["Text"], place, sector)


# --- JSON Lines with nested fields ----------------------------------------

QUARTIERS = {"Croix-Rousse": "croix-rousse", "Bellecour": "bellecour", "Presqu'île": "presqu-ile"}
THEMES = {"Propreté": "proprete", "Éclairage": "eclairage"}


def write_nested(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        for number in range(rows):
            quartier, theme = (drawn(number).choice([*names]) for names in (QUARTIERS, THEMES))
            found: dict[str, Any] = {
                "id": number,
                "où": {"commune": "Lyon", "quartier": quartier if number % 3 else None},
                "quoi": {"thème": theme, "mots": ["a", number]},
                "quand": f"{moment(number).isoformat()}{['', '+02:00', 'Z'][number % 3]}",
            }
            file.write(json.dumps(found, ensure_ascii=bool(number % 2)) + "\n")


def count_nested(path: Path) -> Iterator[tuple[str, Said]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        at = datetime.fromisoformat(row["quand"])
        if at.tzinfo is None:
            at = at.replace(tzinfo=ZoneInfo("Europe/Paris"))
        quartier = row["où"]["quartier"]
        place = f"xx.lyon.{QUARTIERS[quartier]}" if quartier else "xx.lyon"
        text = f"a, {row['quoi']['mots'][1]}"
        sector = THEMES[row["quoi"]["thème"]]
        yield str(row["id"]), Said(at.astimezone(UTC), text, place, sector)


# --- A wide table without a key, tabs, from a spreadsheet, packed ----------

AREAS = {"East Side": "east-side", "West/End": "west-end"}


def write_wide(path: Path, rows: int) -> None:
    with gzip.open(path, "wt", encoding="utf-16", newline="") as file:
        writer = csv.writer(file, delimiter="\t")
        writer.writerow([*(f"Spare {n}" for n in range(60)), "Opened", "Area", "Type", "Note"])
        for number in range(rows):
            area = drawn(number).choice([*AREAS])
            opened = f"{moment(number):%m/%d/%Y %I:%M:%S %p}"
            writer.writerow(
                [*["x"] * 60, opened, area, "Pot hole", "N/A" if number % 2 else "deep"]
            )


def count_wide(path: Path) -> Iterator[tuple[str, Said]]:
    with gzip.open(path, "rt", encoding="utf-16", newline="") as file:
        for number, row in enumerate(csv.DictReader(file, delimiter="\t"), 1):
            at = in_utc(row["Opened"], "%m/%d/%Y %I:%M:%S %p", "America/Chicago")
            text = row["Note"].replace("N/A", "")
            key = f"{path.name}-{number}"
            yield key, Said(at, text, f"xx.{AREAS[row['Area']]}", "pot-hole")


# --- Right to left, with a mark at the beginning ---------------------------

HARAT = {"القاهرة": "lqhrh", "الإسكندرية": "l-skndryh"}
ANWA = {"إنارة": "nrh", "نظافة": "ndhfh"}
OUR_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def write_right_to_left(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["رقم", "حي", "نوع", "وصف", "تاريخ"])
        for number in range(rows):
            hai, naw = (drawn(number).choice([*names]) for names in (HARAT, ANWA))
            at = f"{moment(number):%d/%m/%Y %H:%M}".translate(OUR_DIGITS)
            writer.writerow([number, hai, naw, f"مصباح، «{number}» \u200fمكسور", at])


def count_right_to_left(path: Path) -> Iterator[tuple[str, Said]]:
    back = {ord(ours): str(digit) for digit, ours in enumerate("٠١٢٣٤٥٦٧٨٩")}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            at = in_utc(row["تاريخ"].translate(back), "%d/%m/%Y %H:%M", "Africa/Cairo")
            yield row["رقم"], Said(at, row["وصف"], f"xx.{HARAT[row['حي']]}", ANWA[row["نوع"]])


# --- Many rows -------------------------------------------------------------


def write_many(path: Path, rows: int) -> None:
    """Not in the order in which they happened."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("district,number,kind,text,at\n")
        for number in range(rows):
            at = moment((number * 7_919) % rows).isoformat()
            file.write(f"D{number % 40},{number},kind {number % 9},row {number} of many,{at}\n")


def count_many(path: Path) -> Iterator[tuple[str, Said]]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            at = datetime.fromisoformat(row["at"]).replace(tzinfo=UTC)
            key = f"{row['district']}-{row['number']}"
            place, sector = f"xx.{row['district'].lower()}", row["kind"].replace(" ", "-")
            yield key, Said(at, row["text"], place, sector)


def mapping(zone: str, key: str, *, place: str, more: str = "", **columns: str) -> str:
    return HEAD.format(zone=zone, key=key, place=place, more=more, **columns)


SHAPES = [
    Shape(
        "rows.csv",
        mapping(
            "Europe/Berlin",
            "{Nr}",
            when="Eingang",
            place='"Bezirk"',
            sector="Art",
            text="{Text}",
            more='[times]\nformats = ["%d.%m.%Y %H:%M"]',
        ),
        write_semicolons,
        count_semicolons,
    ),
    Shape(
        "rows.jsonl",
        mapping(
            "Europe/Paris",
            "{id}",
            when="quand",
            place='["où.commune", "où.quartier"]',
            sector="quoi.thème",
            text="{quoi.mots}",
        ),
        write_nested,
        count_nested,
    ),
    Shape(
        "wide.txt.gz",
        mapping(
            "America/Chicago",
            "{#file}-{#row}",
            when="Opened",
            place='"Area"',
            sector="Type",
            text="{Note}",
            more='[times]\nformats = ["%m/%d/%Y %I:%M:%S %p"]\n[file]\nempty = ["N/A"]',
        ),
        write_wide,
        count_wide,
    ),
    Shape(
        "صفوف.csv",
        mapping(
            "Africa/Cairo",
            "{رقم}",
            when="تاريخ",
            place='"حي"',
            sector="نوع",
            text="{وصف}",
            more='[times]\nformats = ["%d/%m/%Y %H:%M"]',
        ),
        write_right_to_left,
        count_right_to_left,
    ),
    Shape(
        "many.csv",
        mapping(
            "UTC",
            "{district}-{number}",
            when="at",
            place='"district"',
            sector="kind",
            text="{text}",
        ),
        write_many,
        count_many,
    ),
]
