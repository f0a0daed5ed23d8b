"""What was typed for questions can go, and nobody asks more often by taking it back."""

import asyncio
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

import pytest

from services.publishing.newsroom import closed_logins
from services.publishing.newsroom.question_words import OF_THE_BODY, QuestionText, QuestionWords
from shared.runtime.beside import open_store
from shared.testing.examples import DAY, LOGIN_ID, MONDAY, SECOND_ID

MARK = "Nobody is to find this"


def text(number: int, author: str = LOGIN_ID) -> QuestionText:
    return QuestionText(
        f"{number:032x}", "d" * 32, author, f"{MARK} {number}", f"{MARK}.", "salt", MONDAY
    )


@pytest.fixture
def words(database_url: str) -> QuestionWords:
    return QuestionWords(open_store(database_url))


async def test_what_is_emptied_is_there_for_nobody_and_counts_still(
    words: QuestionWords, tmp_path: Path
) -> None:
    assert await words.keep(text(1))
    assert await words.keep(text(2))
    for _ in "ab":
        await words.empty([text(1).words_id])
    assert set(await words.some([text(1).words_id, text(2).words_id])) == {text(2).words_id}
    assert not await words.keep(text(1)), "the form sent again brings nothing back"
    assert await words.some([text(1).words_id]) == {}
    assert await words.begun_since(LOGIN_ID, MONDAY - DAY) == 2
    assert await words.begun_since(LOGIN_ID, MONDAY + timedelta(seconds=1)) == 0
    await words.empty([text(2).words_id])
    files = [each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()]
    assert not any(MARK.encode() in each for each in files)


async def test_whose_login_is_closed_their_words_go_and_kept_pages_hear_of_it(
    words: QuestionWords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the gate does not answer at first, and where another replica has erased them."""
    monkeypatch.setattr(closed_logins, "EVERY_S", 0.01)
    for each in (text(1), text(2, SECOND_ID), text(3, OF_THE_BODY)):
        await words.keep(each)
    closed: set[str] = set()
    away, heard = [True], asyncio.Event()

    async def ask(codes: Collection[str]) -> Collection[str]:
        if away:
            away.clear()
            raise TimeoutError
        return closed & set(codes)

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        task = group.create_task(closed_logins.closing(words, ask, heard.set)())
        while away:
            await asyncio.sleep(0.01)
        assert await words.authors() == {LOGIN_ID, SECOND_ID}
        closed.add(LOGIN_ID)
        await heard.wait()
        assert await words.authors() == {SECOND_ID}
        heard.clear()
        await words.erase_of([SECOND_ID])
        await heard.wait()
        task.cancel()
    assert set(await words.some([text(3).words_id])) == {text(3).words_id}
