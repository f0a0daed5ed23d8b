"""What is said of societies is found by full text in both databases, and gone when it goes."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from services.promotion.societies.terms import sought_in, terms_of
from services.promotion.societies.words import SAID, SocietyWords, Words, words
from shared.runtime.beside import open_store
from shared.testing.examples import DAY, FOUNDER_ID, MONDAY, SECOND_ID

LAMPS = Words(
    "1" * 32, "a" * 32, FOUNDER_ID, "For light", MONDAY, "Société des Réverbères", ("Clean air",)
)
MOSCOW = Words("2" * 32, "b" * 32, SECOND_ID, "Ради света", MONDAY, "Друзья уличных фонарей")
BEIJING = Words("3" * 32, "c" * 32, SECOND_ID, "为了光明", MONDAY, "北京路灯教育协会")
ALL = LAMPS, MOSCOW, BEIJING


@pytest.fixture
async def kept(database: Engine) -> SocietyWords:
    found = SocietyWords(database)
    for each in ALL:
        await found.keep(each)
    return found


async def named(kept: SocietyWords, typed: str, tag: str = "") -> set[str]:
    return {society[0] for _, society, _ in await kept.newest(typed, tag)}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("reverb", "a"),
        ("RÉVERBÈRES société", "a"),
        ("everb", ""),
        ("друзья фонар", "b"),
        ("ДРУЗЬЯ", "b"),
        ("друзья reverb", ""),
        ("路灯", "c"),
        ("教育协会", "c"),
        ("光", "c"),
        ("r", ""),
        ("灯路", ""),
        ('" OR terms:*', ""),
        ("'", ""),
        ("\x00", ""),
    ],
)
async def test_in_three_scripts_and_by_how_words_begin(
    kept: SocietyWords, typed: str, expected: str
) -> None:
    assert await named(kept, typed) == {*expected}


async def test_a_tag_is_found_as_a_whole_alone(kept: SocietyWords) -> None:
    assert await named(kept, "", "clean  AIR") == {"a"}
    assert await named(kept, "", "clean") == set()
    assert await named(kept, "t636c", "") == set(), "how a tag is kept is no word"
    assert await named(kept, "moscow", "clean air") == set()


async def test_those_worded_last_come_first_and_page_by_page(kept: SocietyWords) -> None:
    for number in range(5):
        words_id = f"{number:032x}"
        said = Words(words_id, words_id, FOUNDER_ID, "", MONDAY, f"Bells {number}", ("ring",))
        assert await kept.keep(said)
    for typed, tag in (("bell", ""), ("", "ring")):
        first = await kept.newest(typed, tag, most=2)
        rest = await kept.newest(typed, tag, first[-1].number, 10)
        assert [int(each.society_id, 16) for each in [*first, *rest]] == [4, 3, 2, 1, 0]
        assert await kept.newest(typed, tag, rest[-1].number) == []


@given(st.text(max_size=60))
def test_whatever_is_typed_finds_itself(said: str) -> None:
    """Each term that is sought begins one that is kept."""
    there = terms_of(said)
    assert all(any(term.startswith(sought) for term in there) for sought in sought_in(said))
    assert all(term.isalnum() for term in there), "none is a sign of a language of queries"


async def test_what_was_taken_back_is_nowhere_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "secrets.db"
    engine = open_store(f"sqlite:///{file}")
    kept = SocietyWords(engine)
    for each in (MOSCOW, replace(LAMPS, name="Xylophonists")):
        await kept.keep(each)
    assert await kept.take_back(LAMPS.words_id, FOUNDER_ID)
    engine.dispose()
    there = file.read_bytes().decode(errors="replace").casefold()
    assert "фонарей" in there, "it looks where words are kept"
    assert "xylophon" not in there


async def test_nobody_takes_back_what_others_wrote(kept: SocietyWords) -> None:
    assert not await kept.take_back(LAMPS.words_id, SECOND_ID)
    assert await named(kept, "reverb") == {"a"}
    assert await kept.take_back(LAMPS.words_id, FOUNDER_ID)
    assert not await kept.take_back(LAMPS.words_id, FOUNDER_ID)
    assert await named(kept, "reverb") == set()
    assert [each.words_id for each in await kept.of_author("a" * 32, FOUNDER_ID)] == []


async def test_what_is_taken_back_counts_on_its_day(kept: SocietyWords) -> None:
    held = replace(LAMPS, words_id="4" * 32, name="", tags=())
    await kept.keep(held)
    await kept.take_back(held.words_id, FOUNDER_ID)
    assert await kept.written_since(FOUNDER_ID, MONDAY - DAY, SAID) == 1
    assert await kept.keep(held), "who sends the form once more says it once more"
    assert await kept.written_since(FOUNDER_ID, MONDAY - DAY, SAID) == 1
    await kept.erase([FOUNDER_ID])
    assert await kept.written_since(FOUNDER_ID, MONDAY - DAY, SAID) == 0


async def test_what_a_version_of_before_wrote_and_erased_is_put_right(
    database: Engine, kept: SocietyWords
) -> None:
    assert await named(kept, "reverb") == {"a"}
    with database.begin() as connection:
        row = connection.execute(words.select().where(words.c.words_id == "2" * 32)).mappings()
        more = dict(row.one()) | {"words_id": "5" * 32, "society_id": "e" * 32}
        connection.execute(words.insert().values(more))
        connection.execute(words.delete().where(words.c.words_id == LAMPS.words_id))
    again = SocietyWords(database)
    assert await named(again, "reverb") == set()
    assert await named(again, "друзья") == {"b", "e"}


async def test_who_is_alike_shares_a_word_that_few_have(kept: SocietyWords) -> None:
    for number in range(30):
        common = replace(MOSCOW, words_id=f"{number:032d}", name="The light of all")
        await kept.keep(common)
    found = [society[0] for society, _ in await kept.alike("The light of réverbères")]
    assert found == ["a"]
    assert await kept.alike("The light of all") == []
    assert await kept.alike("?") == []
