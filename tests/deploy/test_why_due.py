"""`tribune why` tells how a due date follows from a rule, and counts again."""

from deploy.looking.why_due import in_words_of
from shared.testing.examples import RECKONING, varied


def test_a_due_date_is_told_with_all_that_was_not_counted() -> None:
    assert in_words_of(RECKONING) == (
        "4 working days after 2030-01-07 in America/New_York end on 2030-01-14, by rule lamps"
        " version 2 and almanac boston version 5d41402abc4b; not counted: 2 of weekends,"
        " 2030-01-10 (A day of ours); counted again, it is so"
    )


def test_one_that_does_not_follow_is_said_not_to() -> None:
    assert in_words_of(varied(RECKONING, days=5)).endswith("counted again, it is NOT so")
