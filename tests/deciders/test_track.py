"""What a track asks for."""

import pytest

from services.promotion.domain.track import Record, Track, is_met

TRACK = Track(
    name="correspondent",
    version=1,
    title="Correspondent",
    confirmed=12,
    sectors=3,
    days=8,
    refuted_share=0.25,
)
JUST_ENOUGH = Record(confirmed=12, sectors=3, days=8, refuted=4)


def test_exactly_what_the_rule_asks_for_is_enough() -> None:
    assert JUST_ENOUGH.refuted_share == TRACK.refuted_share
    assert is_met(TRACK, JUST_ENOUGH)


@pytest.mark.parametrize(
    "figures",
    [
        Record(confirmed=11, sectors=3, days=8, refuted=0),
        Record(confirmed=12, sectors=2, days=8, refuted=0),
        Record(confirmed=12, sectors=3, days=7, refuted=0),
        Record(confirmed=12, sectors=3, days=8, refuted=5),
    ],
)
def test_nothing_makes_up_for_what_one_part_of_the_rule_lacks(figures: Record) -> None:
    assert not is_met(TRACK, figures)


def test_who_has_done_nothing_has_no_refuted_share() -> None:
    assert Record(confirmed=0, sectors=0, days=0, refuted=0).refuted_share == 0.0
