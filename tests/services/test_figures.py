"""Programs get the figures of a place as JSON, and are told when these are not the whole."""

from datetime import timedelta

import httpx
from public_site import NOW, PublicSite

from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_MEMBER_QUALIFIED,
    PUBLIC_REPORT_FILED,
    varied,
)

STORY = (
    PUBLIC_REPORT_FILED,
    varied(PUBLIC_REPORT_FILED, report="f" * 32, place="us.ma.salem"),
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_MEMBER_QUALIFIED,
)


async def test_the_figures_of_a_place_and_of_all(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*STORY)
    boston = (await client.get("/api/figures?place=us.ma.boston")).json()
    assert boston == {
        "place": "us.ma.boston",
        "name": "Boston",
        "as_of": NOW.isoformat().replace("+00:00", "Z"),
        "whole": True,
        "reports": 1,
        "confirmed": 0,
        "refuted": 0,
        "checks": 1,
        "done_in_time": 0,
        "overdue": 1,
        "still_overdue": 1,
        "qualifications": 1,
        "members": 1,
    }
    everywhere = (await client.get("/api/figures")).json()
    assert (everywhere["place"], everywhere["reports"]) == (None, 2)


async def test_part_is_not_told_as_the_whole(site: PublicSite, client: httpx.AsyncClient) -> None:
    await site.hears(*STORY)
    site.goal = 9
    assert not (await client.get("/api/figures")).json()["whole"]
    site.goal = 5
    assert (await client.get("/api/figures")).json()["whole"]


async def test_while_nothing_newer_can_come_it_tells_of_when_they_are(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*STORY)
    site.connected = False
    site.clock.jump(NOW + timedelta(hours=1))
    told = (await client.get("/api/figures")).json()
    assert (told["as_of"], told["reports"]) == (NOW.isoformat().replace("+00:00", "Z"), 2)


async def test_a_place_that_is_not_registered_is_a_problem(client: httpx.AsyncClient) -> None:
    for place in ("us.ma.lynn", "US", ""):
        answer = await client.get("/api/figures", params={"place": place})
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["detail"] == "There is no such place in the register."
    long = await client.get("/api/figures", params={"place": "x" * 121})
    assert (long.status_code, long.json()["errors"][0]["where"]) == (422, "query place")


async def test_it_is_told_on_the_page_for_programs(client: httpx.AsyncClient) -> None:
    page = (await client.get("/api")).text
    assert "<code>GET /api/figures</code>" in page
    assert "checks that were ever overdue" in page


async def test_who_asks_for_the_head_gets_that(client: httpx.AsyncClient) -> None:
    answer = await client.head("/api/figures")
    assert (answer.status_code, answer.content) == (200, b"")
