"""Cells that look the same are the same, however their signs are stored."""

from pathlib import Path

import pytest
from mappings import REPORTS
from taking_files import Sent, sent, written

from shared.mapping.cells import by_words
from shared.mapping.codes import UNSEEN, code_of, folded
from shared.mapping.value_rules import WordsRule

MAPPING = f"""{
    REPORTS.replace(
        "[event.data]", 'where = { state = ["Zu prüfen", "open"] }' + chr(10) + "[event.data]"
    )
}report = "{{id}}"
place = {{ place = "town", under = "de", same_as_whole = ["Ganze Stadt"] }}
sector = {{ slug = "about", aliases = "sectors" }}
text = {{ text = "{{about}}", aliases = "sectors", otherwise = "other" }}
filed_at = {{ instant = "at" }}
confidential = {{ truth = "secret", yes = ["Ja"], no = ["Nein"] }}
[aliases.sectors]
"Müll & Dreck" = "waste"
"""
HEADER = "id,at,state,town,about,secret"
ROW = {
    "id": "1",
    "at": "2031-01-07",
    "state": "Zu prüfen",
    "town": "Ganze Stadt",
    "about": "Müll & Dreck",
    "secret": "Nein",
}
PLAIN = {"report": "1", "place": "de", "sector": "waste", "text": "waste", "confidential": False}


def of(folder: Path, header: str = HEADER, name: str = "rows.csv", **cells: str) -> list[Sent]:
    row = ",".join((ROW | cells).values())
    return sent(written(folder, MAPPING, f"{header}\n{row}\n", name))


@pytest.mark.parametrize("mark", UNSEEN, ids=lambda mark: f"{ord(mark):x}")
def test_what_can_t_be_seen_makes_no_other_value(mark: str, tmp_path: Path) -> None:
    """It comes along where texts are copied from pages and letters, and nobody sees it."""
    cells = {name: f"{mark}{cell[:1]}{mark}{cell[1:]}{mark}" for name, cell in ROW.items()}
    (event,) = of(tmp_path, **cells | {"id": f"{mark}1{mark}"})
    assert {name: event[name] for name in PLAIN} == PLAIN
    assert event["filed_at"] == "2031-01-07T00:00:00+00:00"


def test_what_can_t_be_seen_stands_around_no_column_and_no_cell(tmp_path: Path) -> None:
    header = ",".join(f"\u200e {name}\u200b" for name in HEADER.split(","))
    assert of(tmp_path, header)[0]["id"] == "1"
    with pytest.raises(AssertionError, match=r'"so\\\\u200eon" is no time'):
        of(tmp_path, at="\ufeffso\u200eon")


def test_joiners_belong_to_the_words_that_are_written_with_them() -> None:
    assert folded("نی\u200cریز") != folded("نیریز")
    assert code_of("a\u200eb") == "ab"


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ("No violation", "refuted"),
        ("NO\u00a0VIOLATION", "refuted"),
        ("no  violation was seen", "refuted"),
        ("n\u200bo vio\u200elation", "refuted"),
        ("Non fonde\u0301", "refuted"),
        ("all violations seen to", "confirmed"),
        ("novios", "refuted"),
        ("it is valid", "closed"),
        ("it was validated, invalid", "confirmed"),
        ("valid", "confirmed"),
        ("", "closed"),
        ("\u200e", "closed"),
    ],
)
def test_words_are_found_however_they_are_stored(said: str, outcome: str) -> None:
    """Also within longer words; a space at its beginning or end is a part of what is looked for."""
    words = {"refuted": ["no violation", "non fondé", "novio"], "closed": ["is valid"]}
    words["closed"] += ["\u200b"]
    rule = WordsRule.model_validate(
        {"words": "said", "otherwise": "confirmed", "empty": "closed"} | words
    )
    assert by_words(rule)({"said": said}) == outcome


def test_a_space_tells_a_word_from_the_parts_of_others() -> None:
    rule = WordsRule.model_validate(
        {"words": "said", "otherwise": "closed", "empty": "closed", "refuted": [" valid"]}
    )
    found = by_words(rule)
    assert [found({"said": said}) for said in ("is Valid", "invalid")] == ["refuted", "closed"]
