"""Words and rows are put together from the smaller side, and nothing is lost on the way."""

from dataclasses import dataclass, field

import pytest
from sqlalchemy import Engine

from services.promotion.app import CATEGORIES
from services.promotion.projections import societies, societies_found, society_places
from services.promotion.projections.societies_found import Sought
from services.promotion.societies.directory import Directory
from services.promotion.societies.doing import Societies
from services.promotion.societies.words import SocietyWords, Words
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.projections.read_model import Row
from shared.testing.examples import (
    DORCHESTER,
    FOUNDER_ID,
    MONDAY,
    ROXBURY,
    SECOND_ID,
    SOCIETY_FOUNDED,
    recorded,
    varied,
)
from shared.testing.projection_spec import as_message

MODELS = (societies.read_model, society_places.read_model)
AT_ONCE, IN_ALL = 4, 22
GONE = SECOND_ID
"""Whose login is closed."""


@dataclass
class Rows:
    """How often they were asked."""

    engine: Engine
    asked: list[Sought] = field(default_factory=list)

    async def __call__(self, sought: Sought) -> list[Row]:
        self.asked.append(sought)
        return await ask_in(self.engine, societies_found.found, sought)


@pytest.fixture
async def directory(database: Engine) -> Directory:
    """All have lamps, the oldest three are of Dorchester, each has a word of its own."""
    words = SocietyWords(database)
    prepare(database, MODELS)
    projector = Projector(database, MODELS)
    projector.begin()
    founded = []
    for number in range(IN_ALL):
        at = DORCHESTER if number < 3 else ROXBURY
        event = varied(SOCIETY_FOUNDED, society_id=f"{number:032x}", places=(at,), words="f" * 32)
        founded.append(as_message(recorded(event, number + 1)))
        author = GONE if number == IN_ALL - 1 else FOUNDER_ID
        name = f"Lamps number{number}"
        words_id = f"{number:032x}"
        await words.keep(Words(words_id, words_id, author, "All lamps", MONDAY, name, ("light",)))
    projector.apply(founded)
    handler = CommandHandler(InMemoryEventStore(), CATEGORIES, lambda: MONDAY)
    own = Societies(handler, words, lambda: MONDAY, lambda who: who == GONE)
    return Directory(own, Rows(database), AT_ONCE)


async def found(directory: Directory, typed: str, tag: str = "", **sought: object) -> list[int]:
    given = Sought(**sought)  # type: ignore[arg-type]
    return [int(row["society_id"], 16) for row in await directory.found(given, typed, tag)]


async def test_of_a_common_word_all_is_found_page_by_page(directory: Directory) -> None:
    everything = [*range(IN_ALL - 2, -1, -1)]
    assert await found(directory, "lamp") == everything
    assert await found(directory, "", "Light") == everything
    pages, before = list[int](), None
    while page := await found(directory, "lamp", limit=6, before=before):
        pages, before = [*pages, *page], page[-1] + 1
    assert pages == everything
    assert await found(directory, "lamp", place=DORCHESTER) == [2, 1, 0]


async def test_of_a_rare_word_rows_are_asked_once(directory: Directory) -> None:
    rows = directory.rows
    assert isinstance(rows, Rows)
    assert await found(directory, "number7 lamps") == [7]
    assert len(rows.asked) == 1
    assert await found(directory, "number7", place=DORCHESTER) == []
    assert await found(directory, "nothing") == []
    assert await found(directory, f"number{IN_ALL - 1}") == [], "their login is closed"


async def test_pages_grow_for_each_costs_a_search_of_all_words(directory: Directory) -> None:
    """Of letters that are common, and yet seldom together, one request took ten seconds."""
    rows = directory.rows
    assert isinstance(rows, Rows)
    assert await found(directory, "number1") == [*range(19, 9, -1), 1]
    assert [sought.limit for sought in rows.asked] == [4, 7]


async def test_who_is_near_comes_first(directory: Directory) -> None:
    for places, first in (([DORCHESTER], 1), ([ROXBURY], 5)):
        alike = await directory.alike("number1 number5", places, [])
        assert int(alike[0]["society_id"], 16) == first
        assert len(alike) == 2
