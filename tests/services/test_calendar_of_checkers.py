"""What a checker is asked to check stands in a calendar of their own, and in nobody else's."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest
from checkers_drawn import ANN, BEN, TASK, Here
from signed_in import SIGNER, session
from sqlalchemy import Engine

from services.intake.domain.check import OpenCheck
from shared.contracts.checking import CheckerAccepted, CheckersDrawn
from shared.testing.examples import CHECK_OPENED, CHECKING_ID, CHECKING_OPENED, varied

AT = "/checking/calendar.ics"


@pytest.fixture
def here(database: Engine, tmp_path: Path) -> Iterator[Here]:
    here = Here(database, tmp_path)
    yield here
    here.vault.close()


async def taken(here: Here, login: str = ANN) -> httpx.Response:
    async with here.site.visitor(SIGNER.token(session("member", "", login))) as visitor:
        return await visitor.get(AT)


async def unfolded(here: Here, login: str = ANN) -> str:
    answer = await taken(here, login)
    assert answer.status_code == 200
    return answer.text.replace("\r\n ", "")


def stamp(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%SZ}"


async def test_it_says_until_when_to_answer_and_then_until_when_to_look(here: Here) -> None:
    await here.draws(ANN, BEN)
    (drawn,) = here.told(CheckersDrawn)
    asked = await unfolded(here)
    assert asked.count("BEGIN:VEVENT") == 1
    assert f"DTSTART:{stamp(drawn.answer_by)}\r\n" in asked
    assert f"SUMMARY:Say whether you will look: {TASK}\\, Roxbury\r\n" in asked
    await here.posts(ANN, "accept", checking=CHECKING_ID)
    (accepted,) = here.told(CheckerAccepted)
    to_look = await unfolded(here)
    assert f"DTSTART:{stamp(accepted.find_by)}\r\n" in to_look
    assert f"SUMMARY:Look\\, and say what you found: {TASK}\\, Roxbury\r\n" in to_look
    known_as = [re.findall(r"UID:(\S+)", text) for text in (asked, to_look)]
    assert known_as[0] == known_as[1], "the second takes the place of the first"
    assert "SEQUENCE" not in asked
    assert "SEQUENCE:1" in to_look
    await here.finds(ANN)
    assert "BEGIN:VEVENT" not in await unfolded(here), "nothing is left to do"


async def test_it_is_theirs_alone_and_leads_neither_to_them_nor_to_the_check(here: Here) -> None:
    await here.draws(ANN)
    here.person(BEN)
    answer = await taken(here)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.headers["cache-control"] == "no-store"
    for secret in (CHECKING_ID, ANN, here.person(ANN)):
        assert secret not in answer.text
    assert "BEGIN:VEVENT" not in await unfolded(here, BEN)
    assert "BEGIN:VEVENT" not in await unfolded(here, "c" * 31 + "3"), "who is nobody yet"
    async with here.site.visitor() as stranger:
        assert (await stranger.get(AT)).status_code == 401
    links = [f'href="{AT}"' in await here.page(login) for login in (ANN, BEN)]
    assert links == [True, False]


async def test_two_who_are_asked_about_one_claim_have_nothing_in_common(here: Here) -> None:
    await here.draws(ANN, BEN)
    known_as = {re.findall(r"UID:(\S+)", await unfolded(here, login))[0] for login in (ANN, BEN)}
    assert len(known_as) == 2


@pytest.mark.deep
async def test_others_read_it_as_it_is_meant(here: Here) -> None:
    icalendar = pytest.importorskip("icalendar")
    await here.draws(ANN, BEN)
    await here.draws(ANN, BEN, checking_id="2" * 32, task="Mend; lamps, \\ and " + "🚲" * 40)
    await here.posts(ANN, "accept", checking=CHECKING_ID)
    calendar = icalendar.Calendar.from_ical((await taken(here)).content)
    drawn, accepted = here.told(CheckersDrawn), here.told(CheckerAccepted)
    asked, to_look = calendar.walk("VEVENT")
    whole = timedelta(microseconds=1)
    assert asked.decoded("DTSTART") == drawn[1].answer_by.replace(microsecond=0)
    assert to_look.decoded("DTSTART") - accepted[0].find_by < whole
    assert str(asked["SUMMARY"]).endswith("Mend; lamps, \\ and " + "🚲" * 40 + ", Roxbury")
    assert (to_look["SEQUENCE"], str(to_look["URL"]).endswith("/checking")) == (1, True)
    assert str(calendar["X-WR-CALNAME"]).endswith("What I am asked to check")


async def test_what_is_not_public_any_more_is_in_no_calendar(here: Here) -> None:
    await here.draws(ANN)
    assert TASK in await unfolded(here)
    of_it = {"check_id": CHECKING_OPENED.check_id, "confidential": True}
    await here.site.do(OpenCheck(varied(CHECK_OPENED, **of_it)))
    assert "BEGIN:VEVENT" not in await unfolded(here)
