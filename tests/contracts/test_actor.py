"""Who did it stands in events as a word of ours or as a digest, and old events say nothing."""

import pytest

from shared.contracts.actor import SUITE, in_words, source, suite
from shared.testing.examples import DIGESTS


def test_of_a_person_there_is_a_digest_the_same_in_every_role() -> None:
    one, other = (DIGESTS.person("staff", role, "Ada Lovelace") for role in ("operator", "editor"))
    assert one.name == other.name
    assert one.text == f"staff:operator:{DIGESTS.of('actor', 'staff', 'Ada Lovelace')}"
    assert DIGESTS.person("member", "operator", "Ada Lovelace").name != one.name
    assert DIGESTS.person("staff", "operator", "").text == "staff:operator"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (source("boston").text, "the source boston"),
        (suite("reaction", "credits").text, "the suite (reaction credits)"),
        (SUITE.text, "the suite (part unnamed)"),
        ("staff:operator", "staff (operator)"),
        ("member:correspondent:9f2c", "member (correspondent) 9f2c"),
        ("", ""),
    ],
)
def test_it_is_told_in_words(text: str, words: str) -> None:
    assert in_words(text) == words
