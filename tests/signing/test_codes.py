"""Codes are those of RFC 6238, and count while somebody's clock may show them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.promotion.signing import codes

SEED = b"12345678901234567890"
NOW = datetime(2030, 1, 7, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "eight"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_examples_of_the_standard(seconds: int, eight: str) -> None:
    """It gives eight digits; of the same number we take six."""
    assert codes.code_at(SEED, seconds // codes.STEP_S) == eight[-6:]


@given(st.integers(-400, 400))
def test_a_code_counts_a_step_before_and_after(seconds: int) -> None:
    then = codes.step_of(NOW + timedelta(seconds=seconds))
    found = codes.step_shown_by(SEED, codes.code_at(SEED, then), NOW)
    assert found == (then if abs(then - codes.step_of(NOW)) <= 1 else None)


def test_it_is_read_with_the_space_that_authenticators_show() -> None:
    code = codes.code_at(SEED, codes.step_of(NOW))
    assert codes.step_shown_by(SEED, f"{code[:3]} {code[3:]}", NOW) == codes.step_of(NOW)


@given(st.text())
def test_whatever_is_typed_does_no_harm(typed: str) -> None:
    codes.step_shown_by(SEED, typed, NOW)


def test_words_to_type_once_are_not_the_same_twice() -> None:
    words = codes.new_recovery_codes()
    assert len(set(words)) == codes.RECOVERY_CODES
    assert codes.without_spaces(words[0]) == codes.without_spaces(
        words[0].upper().replace("-", " ")
    )
