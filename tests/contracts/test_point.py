"""A point as events keep it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.point import Point, read, written
from shared.contracts.sealed import CLOSED


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_it_is_read_as_it_was_written_to_a_tenth_of_a_metre(lat: float, long: float) -> None:
    found = read(written(Point(lat, long)))
    assert found is not None
    assert found == (pytest.approx(lat, abs=1e-6), pytest.approx(long, abs=1e-6))
    assert written(found) == written(Point(lat, long))


@pytest.mark.parametrize("text", ["", CLOSED, "1.abc", "42.3", "42.3,", "nan,1", "42.3,-71.1,3"])
def test_what_is_sealed_or_is_none_is_no_point(text: str) -> None:
    assert read(text) is None


def test_rounded_it_says_no_more_than_the_charter_lets_it() -> None:
    point = Point(42.271499, -71.077249)
    assert written(point) == "42.271499,-71.077249"
    assert point.rounded(3) == (42.271, -71.077)
    assert point.rounded(0) == (42, -71)
    assert written(Point(-0.0000001, 180.0)) == "0,180"
