"""A register of associations is imported to the row, twice without change; what changes is stated
anew, and what is wrong is refused with its line."""

import os
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from registers_made import MAPPING, Association, register, write
from registers_taken import IN_BOSTON, SECTORS, Road, take_in
from sqlalchemy import Engine, func, select

from services.promotion.projections import societies, societies_found, society_places
from services.promotion.projections.societies_found import Sought
from services.promotion.societies.words import words as words_kept
from shared.contracts.identity import aggregate_id

SEED = int(os.environ.get("TRIBUNE_TEST_SEED", "13"))


@pytest.fixture
def road(database: Engine) -> Road:
    return Road(database, IN_BOSTON, SECTORS)


def told(associations: list[Association], folder: Path) -> Path:
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    return write(associations, folder / "register.csv")


def id_of(number: str) -> str:
    return aggregate_id("registration", "rna", number)


def life_of(each: Association) -> str:
    return "merged" if each.into else "dissolved" if each.ended else "active"


async def imported(road: Road, associations: list[Association], folder: Path) -> None:
    taken = take_in(told(associations, folder))
    assert not taken.problems, list(map(str, taken.problems))[:5]
    since = len(road.intake.streams.get("INTAKE", []))
    await road.import_(taken)
    assert not road.refused
    assert all(each.error is None for each in await road.pass_on(since))


async def holds(road: Road, associations: list[Association]) -> None:
    """Every row and every word is what the file says, counted apart."""
    with road.engine.connect() as connection:
        table = societies.read_model.table
        rows = {
            row["society_id"]: dict(row) for row in connection.execute(select(table)).mappings()
        }
        places = society_places.read_model.table
        standing = select(places.c.place, places.c.society_id).where(places.c.sector == "")
        at = Counter(place for place, _ in connection.execute(standing))
        kept = connection.execute(select(func.count()).select_from(words_kept)).scalar_one()
    assert len(rows) == kept == len(associations), "what is said no more is gone"
    for each in associations:
        row = rows[id_of(each.number)]
        assert row["life"] == life_of(each)
        assert row["places"].split() == [f"us.ma.boston.{place}" for place in each.places]
        assert row["sectors"].split() == [each.sector.lower().replace(" ", "-")] * bool(each.sector)
        assert row["founded_on"] == each.founded.isoformat()
        assert row["ended_on"] == (each.ended.isoformat() if each.ended else "")
        assert row["merged_into"] == (id_of(each.into) if each.into else "")
        assert (row["registry"], row["members"], row["due_at"]) == ("rna", 0, None)
    assert at["everywhere"] == at["us.ma.boston"] == len(associations)
    by_place = Counter(place for each in associations for place in each.places)
    assert {place: at[f"us.ma.boston.{place}"] for place in by_place} == by_place
    for first in range(0, len(associations), 500):
        some = {rows[id_of(each.number)]["words"]: each for each in associations[first:][:500]}
        words = await road.words.some(some.keys())
        assert words.keys() == some.keys()
        for words_id, each in some.items():
            assert (words[words_id].name, words[words_id].author) == (each.name, "rna")
            assert words[words_id].tags == tuple(tag.casefold() for tag in each.tags)


@pytest.mark.parametrize(
    "size", [300, pytest.param(30_000, marks=[pytest.mark.deep, pytest.mark.timeout(1800)])]
)
async def test_it_is_imported_to_the_row_and_twice_without_change(
    road: Road, tmp_path: Path, size: int
) -> None:
    associations = register(SEED, size)
    await imported(road, associations, tmp_path)
    await holds(road, associations)
    known = len(road.intake.streams["INTAKE"]), len(road.told)
    again = await road.import_(take_in(tmp_path / "register.csv"))
    assert sum(each.new_events for each in again) == 0
    assert len(again) == size
    assert (len(road.intake.streams["INTAKE"]), len(road.told)) == known
    await road.pass_on()
    assert len(road.told) == known[1], "what is told twice changes nothing"
    await holds(road, associations)


async def test_what_changed_is_stated_anew_and_an_earlier_statement_comes_too_late(
    road: Road, tmp_path: Path
) -> None:
    associations = register(SEED, 40)
    await imported(road, associations, tmp_path)
    later = [
        replace(
            each,
            name=f"New {each.name}",
            places=("mattapan",),
            sector="Trees",
            ended=date(2030, 1, 3),
            stated=date(2030, 2, 1),
        )
        if at % 4 == 0
        else each
        for at, each in enumerate(associations)
    ]
    await imported(road, later, tmp_path)
    assert len(road.told) == 50
    await holds(road, later)
    told = [
        replace(each, name="Bygone", stated=date(2030, 1, 5)) if at % 4 == 0 else each
        for at, each in enumerate(associations)
    ]
    await imported(road, told, tmp_path)
    assert len(road.told) == 50
    await road.pass_on()  # the first statements once more, as after a rewind
    assert len(road.told) == 50
    await holds(road, later)
    assert await road.words.newest("bygone") == []


async def test_it_is_found_by_its_words_in_any_script_and_by_place(
    road: Road, tmp_path: Path
) -> None:
    associations = register(SEED, 300)
    await imported(road, associations, tmp_path)
    for typed in ("lamps", "шахмат", "将棋"):
        expected = {id_of(each.number) for each in associations if typed in each.name}
        found = await road.words.newest(typed)
        assert {society for _, society, _ in found} == expected != set()
    alive = [each for each in associations if not each.ended]
    expected_at = [each for each in alive if "roxbury" in each.places and each.sector == "Trees"]
    sought = Sought("us.ma.boston.roxbury", "trees", limit=1000)
    with road.engine.connect() as connection:
        rows = societies_found.found(connection, sought)
    assert {row["society_id"] for row in rows} == {id_of(each.number) for each in expected_at}
    assert [row["sequence"] for row in rows] == sorted((r["sequence"] for r in rows), reverse=True)


def test_wrong_rows_are_told_with_line_column_and_value(tmp_path: Path) -> None:
    good = register(SEED, 8)
    wrong = [
        good[0],
        replace(good[1], name=""),
        replace(good[2], federations=[good[2].number]),
        replace(good[3], ended=date(1700, 1, 1)),
        replace(good[4], into=good[4].number),
        replace(good[5], tags=("x" * 41,)),
        replace(good[6], places=()),
    ]
    file = told(wrong, tmp_path)
    file.write_text(file.read_text().replace(good[0].row["founded"], "1899", 1))
    taken = take_in(file)
    assert [str(problem).split(", so")[0] for problem in taken.problems] == [
        'line 2, column founded: "1899" is no day (%d/%m/%Y)',
        *(f"line {line}, column {said}" for line, said in SAID.items()),
    ]
    taken.close()


OF, ITSELF = "of a society.registered", "must not name the society itself"
SAID = {
    3: f"name: it can't be the name {OF}: string should have at least 1 character",
    4: f'federations: "W000000002" can\'t be the federations {OF}: {ITSELF}',
    5: f'ended: "1700-01-01" can\'t be the ended_on {OF}: must not be before founded_on',
    6: f'into: "W000000004" can\'t be the merged_into {OF}: {ITSELF}',
    7: f'tags: "{"x" * 41}" can\'t be the tags {OF}: must have at most 40 signs',
    8: f"places: it can't be the places {OF}: tuple should have at least 1 item after validation,"
    " not 0",
}


async def test_what_the_charter_lacks_is_refused_with_a_reason(road: Road, tmp_path: Path) -> None:
    nowhere = [replace(each, places=("atlantis",)) for each in register(SEED, 2)]
    await road.import_(take_in(told(nowhere, tmp_path)))
    assert [problem.title for problem in road.refused] == ["Unknown place"] * 2
    assert [fault.pointer for fault in road.refused[0].errors or ()] == ["/places/0"]
