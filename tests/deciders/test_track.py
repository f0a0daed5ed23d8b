"""What a track asks for, and what a member's work amounts to."""

from datetime import date, timedelta

import pytest

from services.promotion.domain.track import Credit, Record, Track, is_met, record
from shared.testing.examples import GRAFFITI, REPORT_CONFIRMED_AT, ROXBURY, STREET_LIGHTS

TRACK = Track(
    name="correspondent",
    version=1,
    title="Correspondent",
    confirmed=12,
    sectors=3,
    days=8,
    refuted_share=0.25,
)
JUST_ENOUGH = Record(confirmed=12, sectors=3, days=8, refuted_share=0.25)


def _credit(sector: str, day: int) -> Credit:
    return Credit(ROXBURY, sector, date(2030, 1, 1) + timedelta(day), REPORT_CONFIRMED_AT)


def test_exactly_what_the_rule_asks_for_is_enough() -> None:
    assert is_met(TRACK, JUST_ENOUGH)


@pytest.mark.parametrize(
    "figures",
    [
        Record(confirmed=11, sectors=3, days=8, refuted_share=0.25),
        Record(confirmed=12, sectors=2, days=8, refuted_share=0.25),
        Record(confirmed=12, sectors=3, days=7, refuted_share=0.25),
        Record(confirmed=12, sectors=3, days=8, refuted_share=0.2501),
    ],
)
def test_nothing_makes_up_for_what_one_part_of_the_rule_lacks(figures: Record) -> None:
    assert not is_met(TRACK, figures)


def test_a_sector_and_a_day_count_once_however_often_they_come() -> None:
    credits_ = [_credit(STREET_LIGHTS, 1), _credit(STREET_LIGHTS, 1), _credit(GRAFFITI, 2)]
    assert record(credits_, refuted=1) == Record(confirmed=3, sectors=2, days=2, refuted_share=0.25)


def test_who_has_done_nothing_has_no_refuted_share() -> None:
    assert record([], refuted=0) == Record(confirmed=0, sectors=0, days=0, refuted_share=0.0)
