"""Place codes: which are well formed, and what lies in what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from shared.contracts.place import EVERYWHERE, common_region, is_within, way_to
from shared.contracts.values import Place, Sector
from shared.testing.examples import DORCHESTER, ROXBURY

place_type, sector_type = TypeAdapter(Place), TypeAdapter(Sector)
parts = st.from_regex(r"\A[a-z0-9][a-z0-9-]{0,9}\Z")
places = st.lists(parts, min_size=1, max_size=8).map(".".join)


@given(places)
def test_up_to_eight_parts_of_small_letters_digits_and_hyphens_are_a_place(place: str) -> None:
    assert place_type.validate_python(place) == place


@pytest.mark.parametrize(
    "text",
    ["", ".", "us.", ".us", "us..ma", "US", "us.*", "us.>", "us ma", "us.-ma", "us\n", "é", "a/b"],
)
def test_anything_that_could_mean_something_in_a_subject_is_not(text: str) -> None:
    with pytest.raises(ValidationError):
        place_type.validate_python(text)
    with pytest.raises(ValidationError):
        sector_type.validate_python(text)


def test_neither_is_what_is_too_deep_or_too_long() -> None:
    for text in (".".join("abcdefghi"), "a" * 121):
        with pytest.raises(ValidationError):
            place_type.validate_python(text)


def test_a_sector_has_one_part() -> None:
    assert sector_type.validate_python("street-lights") == "street-lights"
    with pytest.raises(ValidationError):
        sector_type.validate_python("street.lights")


def test_a_place_lies_within_itself_and_what_its_code_begins_with() -> None:
    assert is_within(ROXBURY, ROXBURY)
    assert is_within(ROXBURY, "us.ma")
    assert not is_within("us.ma", ROXBURY)
    assert not is_within("us.massachusetts", "us.ma")


def test_the_common_region_is_the_smallest_place_that_holds_all() -> None:
    assert common_region([ROXBURY]) == ROXBURY
    assert common_region([ROXBURY, DORCHESTER]) == "us.ma.boston"
    assert common_region([ROXBURY, "us.ma"]) == "us.ma"
    assert common_region([ROXBURY, "us.ny"]) == "us"
    assert common_region([ROXBURY, "fr.paris"]) == EVERYWHERE
    assert common_region([ROXBURY, EVERYWHERE]) == EVERYWHERE


@given(st.lists(places | st.just(EVERYWHERE), min_size=1, max_size=5))
def test_all_places_lie_within_their_common_region(found: list[str]) -> None:
    region = common_region(found)
    assert place_type.validate_python(region) == region
    assert all(is_within(place, region) for place in found)


@given(places.filter(lambda place: place != EVERYWHERE))
def test_the_root_holds_every_place_and_lies_in_none(place: str) -> None:
    assert place_type.validate_python(EVERYWHERE) == EVERYWHERE
    assert is_within(place, EVERYWHERE)
    assert is_within(EVERYWHERE, EVERYWHERE)
    assert not is_within(EVERYWHERE, place)
    assert (way_to(EVERYWHERE), ".".join(way_to(place))) == ([], place)
