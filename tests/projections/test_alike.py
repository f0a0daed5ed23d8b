"""Which reports another one may repeat: few, near, of its time, and in like words."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from services.intake.projections import alike, points, reports
from services.intake.projections.alike import FEW_WORDS, LIKE_ENOUGH, MOST, Sought, neighbours
from shared.contracts.report import ReportFiled
from shared.eventsourcing.projections.projector import prepare
from shared.testing.examples import (
    DAY,
    DORCHESTER,
    DUPLICATE_CLAIMED,
    GRAFFITI,
    MONDAY,
    REPORT_CORROBORATED,
    REPORT_FILED,
    REPORT_WITHDRAWN,
    ROXBURY,
    STREET_LIGHTS,
    report_id,
    varied,
)
from shared.testing.projection_spec import ProjectionSpec

WITHIN = 90 * DAY
LAMP = "The lamp before number 12 is out."
LIKE = "Lamp out at number 12!"
OTHER = "Somebody has painted over the sign"


def filed(number: int, text: str = LAMP, **more: Any) -> ReportFiled:
    known = {"report_id": report_id(number), "source_id": str(number), "text": text}
    return varied(REPORT_FILED, **known, **more)  # type: ignore[no-any-return]


def sought(words: str = LIKE, **more: Any) -> Sought:
    return Sought(ROXBURY, STREET_LIGHTS, MONDAY, WITHIN, words, **more)


@pytest.fixture
def rows(database: Engine) -> ProjectionSpec:
    prepare(database, [points.read_model])
    return ProjectionSpec(reports.read_model, database)


def found(rows: ProjectionSpec, what: Sought) -> list[str]:
    told = rows.ask(lambda connection: alike.alike(connection, what))
    return [row["report_id"] for row in told]


def test_what_is_of_the_same_sector_and_place_and_time_and_in_like_words(
    rows: ProjectionSpec,
) -> None:
    rows.given(
        filed(1),
        filed(2, OTHER),
        filed(3, place=DORCHESTER),
        filed(4, sector=GRAFFITI),
        filed(5, filed_at=MONDAY - 91 * DAY),
        filed(6, filed_at=MONDAY - 89 * DAY),
    )
    assert found(rows, sought()) == [report_id(1), report_id(6)]


def test_where_words_are_not_known_place_and_time_have_to_do(rows: ProjectionSpec) -> None:
    rows.given(
        filed(1, OTHER),
        filed(2, "(sealed)", confidential=True, filed_at=MONDAY - DAY),
        filed(3, filed_at=MONDAY - 2 * DAY),
    )
    assert found(rows, sought()) == [report_id(3), report_id(2)]
    assert found(rows, sought("")) == [report_id(1), report_id(2), report_id(3)]


def test_a_word_or_two_are_like_nothing(rows: ProjectionSpec) -> None:
    """They would be in all that is said, and so wholly like it."""
    rows.given(filed(1, "Lamp"), filed(2), filed(3, OTHER))
    for words, wanted in (
        ("Lamp!", {1: False, 2: False, 3: False}),
        (LIKE, {1: False, 2: True}),
    ):
        told = rows.ask(lambda connection, said=words: alike.alike(connection, sought(said)))
        known = {report_id(number): number for number in (1, 2, 3)}
        likeness = {known[each["report_id"]]: each["likeness"] is not None for each in told}
        assert likeness == wanted


def test_who_is_not_of_the_staff_is_told_of_what_is_public_alone(rows: ProjectionSpec) -> None:
    rows.given(
        filed(1),
        filed(2, protected=True),
        filed(3, confidential=True),
        filed(4),
        varied(REPORT_WITHDRAWN, report_id=report_id(4)),
        varied(REPORT_CORROBORATED, report_id=report_id(1)),
        varied(REPORT_CORROBORATED, report_id=report_id(1), by="d" * 32, known=False),
    )
    assert found(rows, sought(public=True)) == [report_id(1)]
    (told,) = rows.ask(lambda on: alike.alike(on, sought(public=True)))
    assert told["corroborated"] == 1
    assert LIKE_ENOUGH <= told["likeness"] < 100


def test_what_repeats_another_is_not_told_and_nothing_repeats_itself(rows: ProjectionSpec) -> None:
    said = varied(DUPLICATE_CLAIMED, report_id=report_id(2))
    rows.given(filed(1), filed(2), said, filed(3))
    near = rows.ask(lambda connection: neighbours(connection, report_id(1), WITHIN))
    assert [row["report_id"] for row in near] == [report_id(3)]
    assert rows.ask(lambda connection: neighbours(connection, "f" * 32, WITHIN)) == []


texts = st.lists(st.sampled_from(LAMP.split() + OTHER.split()), max_size=8).map(" ".join)
drawn = st.lists(st.tuples(texts, st.integers(-100, 100), st.booleans()), max_size=12)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn, texts, st.sampled_from([True, False]))
def test_at_most_five_of_those_asked_for_and_known_words_first(
    rows: ProjectionSpec, these: list[tuple[str, int, bool]], words: str, public: Any
) -> None:
    known = {
        report_id(number): filed(number, text, filed_at=MONDAY + days * DAY, protected=protected)
        for number, (text, days, protected) in enumerate(these)
    }
    rows.given(*known.values())
    told = rows.ask(lambda on: alike.alike(on, sought(words, public=public)))
    assert len(told) <= MOST
    for row in told:
        event = known[row["report_id"]]
        assert abs(event.filed_at - MONDAY) <= timedelta(days=90)
        assert not (public and event.protected)
        few = min(len(words.split()), len(event.text.split())) < FEW_WORDS
        assert (row["likeness"] is None) == few
    order = [row["likeness"] is None for row in told]
    assert order == sorted(order)
