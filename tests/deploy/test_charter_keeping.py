"""The charter says for how long words and persons are kept: each source, its kind, or the body."""

from datetime import timedelta
from pathlib import Path

import pytest
from charters import OWN, copied, told

from shared.runtime.charter import Examined, examine

BODY = (OWN / "body.toml").read_text()
SOURCES = """
[hotline]
name = "A hotline"
kind = "calls"

[letters]
name = "Letters"
keep_days = 30
remind_days = 2

[open]
name = "What is public"
public = true
keep_days = "always"
"""


def kept(folder: Path, body: str, sources: str = SOURCES) -> Examined:
    charter = copied(folder)
    (charter / "body.toml").write_text(BODY + body)
    (charter / "sources.toml").write_text(sources)
    return examine(charter)


def days(examined: Examined) -> dict[str, tuple[int, int]]:
    assert examined.charter is not None, told(examined)
    return {
        source: (term.keep // timedelta(days=1), term.remind // timedelta(days=1))
        for source, term in examined.charter.terms.items()
    }


def test_where_nothing_is_said_all_is_kept(tmp_path: Path) -> None:
    charter = examine(copied(tmp_path)).charter
    assert charter is not None
    assert charter.terms == {}


def test_a_source_counts_more_than_its_kind_and_that_more_than_the_body(tmp_path: Path) -> None:
    body = '\nkeep_days = 365\nseals = "all"\n[kinds.calls]\nkeep_days = 90\nremind_days = 14\n'
    examined = kept(tmp_path, body)
    assert days(examined) == {"hotline": (90, 14), "letters": (30, 2)}
    assert examined.warnings == []


def test_the_body_may_say_it_for_all(tmp_path: Path) -> None:
    body = '\nkeep_days = 365\nseals = "all"\n[kinds.calls]\n'
    assert days(kept(tmp_path, body))["hotline"] == (365, 7)


def test_words_that_no_erasure_reaches_are_warned_of(tmp_path: Path) -> None:
    found = [str(each) for each in kept(tmp_path, "\n[kinds.calls]\nkeep_days = 90\n").warnings]
    assert len(found) == 2, "not of what is public"
    assert all("stand in the log in the clear" in each for each in found)


@pytest.mark.parametrize(
    ("body", "sources", "words"),
    [
        ("", SOURCES, 'is of the kind "calls", which body.toml has not'),
        ("\nkeep_days = 1\n", "", '"keep_days" must be a number of days from 2 to 36,500'),
        ("\nkeep_days = true\n", "", "must be a number of days"),
        ('\nkeep_days = "ever"\n', "", 'or "always", and is "ever"'),
        ("\nremind_days = 0\n", "", '"remind_days" must be at least 1'),
        ("\n[kinds.calls]\nkeep = 90\n", "", 'no key "keep" here; "keep_days" may be meant'),
        ('\n[kinds."My calls"]\nkeep_days = 90\n', "", "is no kind of source"),
        ("\nkeep_days = 5\n", 'a = "A"\n', "announced 7 days before that is over"),
    ],
)
def test_what_can_not_be_meant_is_told(tmp_path: Path, body: str, sources: str, words: str) -> None:
    assert any(words in each for each in told(kept(tmp_path, body, sources))), told(
        kept(tmp_path / "again", body, sources)
    )
