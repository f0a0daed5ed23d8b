"""Codes of sources and names of tracks: which are well formed."""

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.contracts.values import SourceCode, TrackName

source_code, track_name = TypeAdapter(SourceCode), TypeAdapter(TrackName)


@pytest.mark.parametrize("code", ["b", "boston", "boston-311", "boston_311", "3-1_1", "a" * 30])
def test_small_letters_digits_hyphens_and_underscores_are_a_source_code(code: str) -> None:
    assert source_code.validate_python(code) == code


@pytest.mark.parametrize("name", ["inspector", "street-lights-2", "a" * 60])
def test_small_letters_digits_and_hyphens_are_a_track_name(name: str) -> None:
    assert track_name.validate_python(name) == name


@pytest.mark.parametrize("text", ["", "-a", "Boston", "a b", "a.b", "a*", "a>", "a\n", "é", "a/b"])
def test_what_could_mean_something_in_a_subject_is_neither(text: str) -> None:
    for adapter in (source_code, track_name):
        with pytest.raises(ValidationError):
            adapter.validate_python(text)


def test_neither_may_be_too_long_and_only_a_source_has_underscores() -> None:
    for adapter, text in ((source_code, "a" * 31), (track_name, "a" * 61), (track_name, "a_b")):
        with pytest.raises(ValidationError):
            adapter.validate_python(text)
