"""Due days of checks in a calendar, as others read it."""

from datetime import date
from typing import Any

import httpx
import pytest
from public_site import PublicSite

from services.publishing.site.calendars import as_calendar
from services.publishing.site.checks import CheckTold
from shared.contracts.event import Event
from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_DONE_CLAIMED,
    varied,
)
from shared.web.calendars import MOST_BYTES

TODAY = date(2031, 3, 4)
WORDS = "Mend; lamps, \\ and " + "\N{BICYCLE}" * 40 + "\nnow"


def told(**said: Any) -> CheckTold:
    given = {"check": "1" * 32, "owner": "Public Works", "task": None, "done_on": None}
    given |= {"place": "us", "sector": "trees", "due_on": TODAY, "state": "open", "days_late": 0}
    given |= {"tier": None, "found": None, "said_on": None}
    return CheckTold.model_validate(given | {"address": "http://tribune.test/checks/1"} | said)


def check(number: int, *events: Event, **said: Any) -> list[Event]:
    return [varied(each, check=f"{number:032x}", **said) for each in (PUBLIC_CHECK_OPENED, *events)]


def test_lines_are_short_and_what_has_a_meaning_is_escaped() -> None:
    text = as_calendar("Tribune", [(told(), WORDS)], TODAY)
    lines = text.split("\r\n")
    assert max(len(line.encode()) for line in lines) <= MOST_BYTES
    assert "\n" not in text.replace("\r\n", "")
    whole = text.replace("\r\n ", "")
    assert r"SUMMARY:Mend\; lamps\, \\ and " in whole
    assert "DTSTART;VALUE=DATE:20310304\r\nDTEND;VALUE=DATE:20310305" in whole


@pytest.mark.parametrize("sign", ["\r", "\x0b", "\x85", "\u2028", "\x1b"])
def test_no_reader_writes_a_line_into_it(sign: str) -> None:
    """The title is what an address asks for, and anybody can make an address."""
    text = as_calendar(f"Tribune {sign}BEGIN:VEVENT{sign}", [(told(), f"Mend{sign}URL:x")], TODAY)
    assert text.splitlines() == text.split("\r\n")[:-1]
    assert sign not in text.replace("\r\n", "")


async def test_it_holds_what_is_not_done_and_no_time_of_day(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    far = date(2999, 1, 1)
    await site.hears(
        *check(1, PUBLIC_DONE_CLAIMED),
        *check(2, PUBLIC_CHECK_OVERDUE),
        *check(3, due_on=far),
        *check(4, owner="Parks", due_on=far),
    )
    answer = await client.get("/checks.ics?owner=Public+Works")
    assert answer.headers["content-type"].startswith("text/calendar")
    text = answer.text.replace("\r\n ", "")
    assert [number for number in range(1, 5) if f"UID:{number:032x}@" in text] == [2, 3]
    assert "SUMMARY:Mend the lamp\\, Roxbury\\, Public Works" in text
    assert "SUMMARY:Street Lights\\, Roxbury\\, Public Works" in text, "its task is not told yet"
    assert f"URL:http://tribune.test/checks/{2:032x}" in text
    assert text.count("T000000Z") == 2
    assert (await client.get("/checks.ics?place=none")).status_code == 404


@pytest.mark.deep
def test_others_read_it_as_it_is_meant() -> None:
    icalendar = pytest.importorskip("icalendar")
    text = as_calendar("Tribune of Testing", [(told(), WORDS), (told(check="2" * 32), "x")], TODAY)
    calendar = icalendar.Calendar.from_ical(text)
    first, second = calendar.walk("VEVENT")
    assert str(first["SUMMARY"]) == WORDS
    assert (first.decoded("DTSTART"), second.decoded("DTEND")) == (TODAY, date(2031, 3, 5))
    assert str(first["URL"]) == "http://tribune.test/checks/1"
    assert str(calendar["X-WR-CALNAME"]) == "Tribune of Testing"
