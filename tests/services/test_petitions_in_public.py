"""Outsiders see what a petition obliges to, and nobody who supports it."""

from zoneinfo import ZoneInfo

import pytest

from services.publishing.petitions import TOLD
from services.publishing.public import gate, passes
from shared.contracts import check, public_petition
from shared.contracts.home import HomeEvent
from shared.contracts.petition import PetitionEvent
from shared.contracts.registry import EVENT_TYPES
from shared.testing.examples import (
    CHECK_OPENED,
    EDITOR_ID,
    EXAMPLES,
    LOGIN_ID,
    PETITION_COUNTED,
    PETITION_ID,
    PETITION_REACHED,
    PETITION_STARTED,
    SECOND_ID,
    SOCIETY_FOUNDED,
    WORDS_ID,
)

let_through = gate(b"a key for tests", ZoneInfo("America/New_York"))
INSIDE = [each for each in EVENT_TYPES.values() if issubclass(each, PetitionEvent | HomeEvent)]


@pytest.mark.parametrize("kind", INSIDE, ids=lambda kind: kind.__name__)
def test_of_people_and_words_nothing_is_told(kind: type[PetitionEvent]) -> None:
    event = EXAMPLES[kind.type_name()]
    public = let_through(event)
    assert (public is not None) == (kind in TOLD) == (passes(event) is not None)
    if public is not None:
        told = public.model_dump_json()
        assert all(each not in told for each in (LOGIN_ID, SECOND_ID, EDITOR_ID, WORDS_ID))


def test_small_figures_are_not_told() -> None:
    few = let_through(PETITION_COUNTED.model_copy(update={"at_least": 0}))
    assert isinstance(few, public_petition.PetitionCounted)
    assert few.at_least is None
    many = let_through(PETITION_COUNTED)
    assert isinstance(many, public_petition.PetitionCounted)
    assert many.at_least == 10


def test_it_names_its_check_and_its_society_as_they_are_called_in_public() -> None:
    reached, started = let_through(PETITION_REACHED), let_through(PETITION_STARTED)
    opened = let_through(
        CHECK_OPENED.model_copy(update={"check_id": PETITION_ID, "confidential": False})
    )
    assert isinstance(reached, public_petition.PetitionReached)
    assert isinstance(CHECK_OPENED, check.CheckOpened)
    assert opened is not None
    assert reached.check == opened.aggregate_id
    society = let_through(SOCIETY_FOUNDED)
    assert isinstance(started, public_petition.PetitionStarted)
    assert society is not None
    assert started.society == society.aggregate_id
    alone = let_through(PETITION_STARTED.model_copy(update={"society": None}))
    assert isinstance(alone, public_petition.PetitionStarted)
    assert alone.society is None
