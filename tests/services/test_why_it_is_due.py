"""Why a check is due on its day: on its page, and for programs."""

from datetime import date

import httpx
from public_site import PublicSite

from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_CHECK_PAUSED,
    PUBLIC_CHECK_RESUMED,
    PUBLIC_DUE_DATE_MOVED,
    PUBLIC_MORE_TIME_ASKED,
    PUBLIC_WITHDRAWN,
    RECKONING,
    varied,
)

PAGE = f"/checks/{PUBLIC_CHECK_OPENED.check}"
API = f"/api{PAGE}/due"


async def text(client: httpx.AsyncClient) -> str:
    answer = await client.get(PAGE)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


async def test_its_page_tells_the_rule_and_each_day_that_was_not_counted(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(PUBLIC_CHECK_OPENED)
    page = await text(client)
    assert "4 working days after <time" in page
    assert "is over (<code>America/New_York</code>)." in page
    assert "<li>2 days of weekends</li>" in page
    assert "10 Jan 2030</time>: <bdi>A day of ours</bdi></li>" in page
    assert "By rule <code>lamps</code>, version 2; days that are worked by almanac" in page


async def test_days_that_are_all_counted_are_said_to_be(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    every = varied(RECKONING, counted="calendar", days=7, off=())
    await site.hears(varied(PUBLIC_CHECK_OPENED, reckoning=every))
    page = await text(client)
    assert "7 days after <time" in page
    assert "Not counted" not in page


async def test_programs_are_told_the_same(site: PublicSite, client: httpx.AsyncClient) -> None:
    await site.hears(PUBLIC_CHECK_OPENED)
    told = (await client.get(API)).json()
    assert told["due_on"] == told["reckoning"]["due_day"] == "2030-01-14"
    assert told["not_counted"] == [
        {"day": "2030-01-10", "why": "A day of ours"},
        {"day": "2030-01-12", "why": None},
        {"day": "2030-01-13", "why": None},
    ]


async def test_a_day_that_was_given_has_no_reckoning(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(varied(PUBLIC_CHECK_OPENED, reckoning=None))
    assert "Why it is due then" not in await text(client)
    told = (await client.get(API)).json()
    assert (told["reckoning"], told["not_counted"]) == (None, [])


async def test_of_what_is_withdrawn_nothing_is_told_any_more(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(PUBLIC_CHECK_OPENED, PUBLIC_WITHDRAWN)
    assert "Why it is due then" not in await text(client)
    await site.hears(varied(PUBLIC_CHECK_OPENED, reckoning=RECKONING))
    assert "A day of ours" not in await text(client)
    for address in (API, "/api/checks/none/due", f"/api/checks/{'0' * 32}/due"):
        answer = await client.get(address)
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"


async def test_what_became_of_its_clock_is_told_with_reasons(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(PUBLIC_CHECK_OPENED, PUBLIC_CHECK_PAUSED)
    assert "paused: its owner waits for somebody else" in await text(client)
    assert (await client.get(API)).json()["paused"]
    later = varied(RECKONING, from_day=date(2030, 1, 9), due_day=date(2030, 1, 16), days=4)
    moved = {"due_on": date(2030, 1, 16), "old_due_on": date(2030, 1, 14), "reckoning": later}
    second = varied(PUBLIC_CHECK_OVERDUE, tier=2, to="The mayor")
    await site.hears(varied(PUBLIC_CHECK_RESUMED, **moved), PUBLIC_CHECK_OVERDUE, second)
    page = await text(client)
    assert "and is due on <time" in page
    assert "Reason: <bdi>The part has to be made</bdi>" in page
    assert "late for long: passed up to <bdi>The mayor</bdi> (tier 2)." in page
    told = (await client.get(API)).json()
    assert (told["due_on"], told["paused"]) == ("2030-01-16", False)
    assert told["reckoning"]["due_day"] == "2030-01-16"
    assert [step["what"] for step in told["steps"]] == [
        "CheckPaused",
        "CheckResumed",
        "CheckOverdue",
    ]


async def test_of_what_is_withdrawn_no_step_is_told(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    gone = varied(PUBLIC_WITHDRAWN, id=PUBLIC_CHECK_OPENED.check)
    await site.hears(PUBLIC_CHECK_OPENED, PUBLIC_DUE_DATE_MOVED, gone, PUBLIC_MORE_TIME_ASKED)
    assert "The part has to be made" not in await text(client)
