"""A member number is easy to type, and a mistyped one is known for what it is."""

from hypothesis import assume, given
from hypothesis import strategies as st

from services.promotion.signing.numbers import new_number, read_number, shown

NUMBER = st.builds(new_number)


@given(NUMBER)
def test_it_is_read_as_it_is_shown(number: str) -> None:
    assert read_number(number) == read_number(shown(number)) == number
    assert [len(group) for group in shown(number).split()] == [4, 4, 4]


@given(NUMBER, st.integers(0, 11), st.sampled_from("0123456789"))
def test_no_wrong_digit_makes_another_number(number: str, at: int, digit: str) -> None:
    assume(number[at] != digit)
    assert read_number(number[:at] + digit + number[at + 1 :]) is None


@given(NUMBER, st.integers(0, 10))
def test_no_two_digits_that_change_places_make_another(number: str, at: int) -> None:
    assume(number[at] != number[at + 1])
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert read_number(swapped) is None


@given(st.text(max_size=20) | st.from_regex(r"\A[0-9]{0,11}\Z"))
def test_nothing_else_is_one(typed: str) -> None:
    assert read_number(typed) is None
    assert read_number("\u0661" * 12) is None
