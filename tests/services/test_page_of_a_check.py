"""The permanent page of each check, whatever becomes of it."""

import re
from datetime import date

import httpx
import pytest
from public_site import PublicSite

from shared.contracts.event import Event
from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_CHECK_WORDS_PASSED,
    PUBLIC_CLAIM_REFUTED,
    PUBLIC_DONE_CLAIMED,
    PUBLIC_OVERDUE_WITHDRAWN,
    PUBLIC_REPORT_FILED,
    PUBLIC_WITHDRAWN,
    varied,
)

ADDRESS = f"/checks/{PUBLIC_CHECK_OPENED.check}"
LATE = varied(PUBLIC_DONE_CLAIMED, done_on=date(2030, 1, 20), late=True)


async def text(client: httpx.AsyncClient, address: str = ADDRESS) -> str:
    answer = await client.get(address)
    assert answer.status_code == 200, answer
    return " ".join(answer.text.split())


@pytest.mark.parametrize(
    ("history", "state"),
    [
        ((), "open</dd>"),
        ((PUBLIC_DONE_CLAIMED,), "done in time, on <time"),
        ((PUBLIC_CHECK_OVERDUE,), "not done, 33 days late</span>"),
        ((PUBLIC_CHECK_OVERDUE, LATE), "20 Jan 2030</time>, 6 days late</span>"),
        (
            (PUBLIC_CHECK_OVERDUE, PUBLIC_DONE_CLAIMED, PUBLIC_OVERDUE_WITHDRAWN),
            "done in time, on <time",
        ),
    ],
)
async def test_a_check_has_a_page_from_its_opening_on(
    site: PublicSite, client: httpx.AsyncClient, history: tuple[Event, ...], state: str
) -> None:
    await site.hears(PUBLIC_CHECK_OPENED, *history)
    page = await text(client)
    assert state in page
    assert "<dd><bdi>Public Works</bdi></dd>" in page
    assert '<time datetime="2030-01-14">14 Jan 2030</time>' in page
    assert '<a href="/place/us.ma.boston.roxbury">Roxbury</a>' in page
    assert 'href="/feed/overdue.atom?sector=street-lights"' in page


async def test_it_tells_what_was_known_then_beside_what_is_known_now(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    """Each event is public on another day."""
    claimed = varied(PUBLIC_DONE_CLAIMED, done_on=date(2030, 1, 13))
    refuted = varied(PUBLIC_CLAIM_REFUTED, done_on=date(2030, 1, 13))
    await site.hears(PUBLIC_CHECK_OPENED)
    assert "What was known when" not in await text(client)
    for day, event in (
        (15, PUBLIC_CHECK_OVERDUE),
        (17, claimed),
        (17, PUBLIC_OVERDUE_WITHDRAWN),
        (20, refuted),
        (20, PUBLIC_CHECK_OVERDUE),
    ):
        await site.hears(event, on=date(2030, 1, day))
    page = re.sub("<[^>]+>", "", (await text(client)).split("What was known when")[1])
    told = [
        "From 15 Jan 2030 until 17 Jan 2030: late once 14 Jan 2030 was over.",
        "From 17 Jan 2030 until 20 Jan 2030: done on 13 Jan 2030.",
        "Since 20 Jan 2030: late once 14 Jan 2030 was over.",
    ]
    assert all(each in page for each in told), page
    assert [page.index(each) for each in told] == sorted(page.index(each) for each in told)


async def test_words_that_wait_are_said_to_wait_until_they_are_passed(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    lists = ("/", "/place/us.ma", "/overdue", "/feed/overdue.atom")
    opened = varied(PUBLIC_CHECK_OPENED, owner=None)
    await site.hears(opened, varied(PUBLIC_CHECK_OVERDUE, owner=None, task=None))
    page = await text(client)
    assert "<h1><bdi>A check whose words wait</bdi></h1>" in page
    assert "Owner and task wait for an editor, who looks at the words of this source" in page
    for address in lists:
        listed = await text(client, address)
        assert "A check whose words wait" in listed
        assert "None" not in listed
    await site.hears(PUBLIC_CHECK_WORDS_PASSED)
    for address in (ADDRESS, *lists):
        passed = await text(client, address)
        assert "words wait" not in passed
        assert "wait for an editor" not in passed
        assert "Mend the lamp" in passed
        assert "Public Works" in passed


async def test_lists_lead_to_it(site: PublicSite, client: httpx.AsyncClient) -> None:
    await site.hears(PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE)
    for address in ("/", "/place/us.ma", "/overdue"):
        assert f'<a href="{ADDRESS}"><bdi>Mend the lamp</bdi></a>' in await text(client, address)


async def test_a_withdrawn_check_says_why_and_nothing_else_is_left_of_it(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE)
    assert "Mend the lamp" in await text(client)
    await site.hears(PUBLIC_WITHDRAWN)
    page = await text(client)
    assert "<h1><bdi>Withdrawn check</bdi></h1>" in page
    assert 'withdrawn on <time datetime="2030-01-17">17 Jan 2030</time>' in page
    assert "Reason: <bdi>It named somebody</bdi>" in page
    for address in (ADDRESS, "/", "/place/us.ma", "/overdue"):
        shown = await text(client, address)
        assert "Mend the lamp" not in shown
        assert "Public Works" not in shown
    figures = (await client.get("/api/figures")).json()
    assert (figures["checks"], figures["overdue"], figures["still_overdue"]) == (0, 0, 0)


async def test_a_withdrawn_report_counts_nowhere(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(PUBLIC_REPORT_FILED)
    await site.hears(varied(PUBLIC_WITHDRAWN, what="report", id=PUBLIC_REPORT_FILED.report))
    assert (await client.get("/api/figures")).json()["reports"] == 0


@pytest.mark.parametrize("address", ["/checks/1", f"/checks/{'0' * 32}", f"/checks/{'Z' * 32}"])
async def test_a_check_that_there_is_not_has_no_page(
    client: httpx.AsyncClient, address: str
) -> None:
    assert (await client.get(address)).status_code == 404


async def test_while_not_all_is_there_nobody_is_told_that_a_check_is_not(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    site.goal = 5
    answer = await client.get(ADDRESS)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
