"""A reader chooses how many rows a page of a list has, and that changes nobody else's pages."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from public_site import PublicSite, public_site
from sqlalchemy import Engine

from shared.testing.examples import PUBLIC_CHECK_OVERDUE, varied

CHECKS = 60


@pytest.fixture
async def site(database: Engine) -> AsyncIterator[PublicSite]:
    async with public_site(database) as running:
        checks = [varied(PUBLIC_CHECK_OVERDUE, check=f"{n:032}") for n in range(CHECKS)]
        await running.hears(*checks)
        yield running


async def shown(client: httpx.AsyncClient, address: str = "/overdue") -> int:
    answer = await client.get(address)
    assert answer.status_code == 200
    return answer.text.count('<li id="check-')


async def form(client: httpx.AsyncClient, address: str = "/preferences") -> dict[str, str]:
    """What a browser would send."""
    page = await client.get(address)
    assert page.headers["cache-control"] == "no-store"
    hidden = r'<input type="hidden" name="(\w+)" value="([^"]*)">'
    return dict(re.findall(hidden, page.text))


async def test_it_is_kept_for_this_browser_and_said_once(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    assert await shown(client) == 50
    listed = (await client.get("/overdue?place=us.ma")).text
    (address,) = re.findall(r'href="(/preferences[^"]*)">50 on a page', listed)
    fields = await form(client, address)
    answer = await client.post("/preferences", data=fields | {"rows": "25"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/overdue?place=us.ma")
    first = await client.get("/overdue?place=us.ma")
    assert "Lists now have 25 rows on a page" in first.text
    assert first.headers["cache-control"] == "no-store"
    second = await client.get("/overdue?place=us.ma")
    assert "Lists now have 25 rows" not in second.text
    assert second.headers["cache-control"] == "no-cache"
    assert "Cookie" in second.headers["vary"]
    assert await shown(client) == 25
    async with site.client() as other:
        assert await shown(other) == 50


async def test_readers_with_different_choices_do_not_get_each_others_lists(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await client.post("/preferences", data=await form(client) | {"rows": "25"})
    async with site.client() as other:
        await other.post("/preferences", data=await form(other) | {"rows": "100"})
        for _ in range(2):
            assert await shown(client) == 25
            assert await shown(other) == CHECKS


async def test_all_rows_are_still_reached(client: httpx.AsyncClient) -> None:
    await client.post("/preferences", data=await form(client) | {"rows": "25"})
    address, seen = "/overdue", []
    while address:
        page = (await client.get(address)).text
        seen += re.findall(r'<li id="check-(\w+)"', page)
        older = re.findall(r'<a rel="next" href="([^"]+)"', page)
        address = older[0].replace("&amp;", "&") if older else ""
    assert sorted(seen) == [f"{n:032}" for n in range(CHECKS)]


@pytest.mark.parametrize("rows", ["", "7", "1000000", "x", "25.5"])
async def test_what_is_not_offered_is_said_and_not_kept(
    client: httpx.AsyncClient, rows: str
) -> None:
    answer = await client.post("/preferences", data=await form(client) | {"rows": rows})
    assert answer.status_code == 422
    assert "<title>Error: Preferences" in answer.text
    assert '<a href="#rows">Choose how many rows' in answer.text
    assert 'aria-describedby="rows-hint rows-error" aria-invalid="true"' in answer.text
    assert await shown(client) == 50
    again = dict(re.findall(r'name="(token|back)" value="([^"]*)"', answer.text))
    assert (await client.post("/preferences", data=again | {"rows": "100"})).status_code == 303
    assert await shown(client) == CHECKS


async def test_a_form_from_elsewhere_changes_nothing(client: httpx.AsyncClient) -> None:
    await form(client)
    answer = await client.post("/preferences", data={"rows": "25", "back": "/overdue"})
    assert answer.status_code == 403
    assert await shown(client) == 50


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", ""])
async def test_it_leads_back_to_a_page_of_ours(client: httpx.AsyncClient, back: str) -> None:
    fields = await form(client, f"/preferences?back={back}")
    answer = await client.post("/preferences", data=fields | {"rows": "100"})
    assert answer.headers["location"] == "/overdue"
    answer = await client.post("/preferences", data=fields | {"rows": "100", "back": back})
    assert answer.headers["location"] == "/overdue"


@pytest.mark.parametrize("cookie", ["0", "-1", "100000", "25; drop", "é", ""])
async def test_whatever_the_cookie_says_a_page_has_one_of_the_choices(
    client: httpx.AsyncClient, cookie: str
) -> None:
    answer = await client.get("/overdue", headers=[(b"Cookie", f"tribune_rows={cookie}".encode())])
    assert answer.text.count('<li id="check-') == (25 if cookie.startswith("25") else 50)


async def test_a_refusal_says_what_the_address_takes(client: httpx.AsyncClient) -> None:
    answer = await client.put("/preferences")
    assert answer.status_code == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "POST"}
    assert (await client.head("/preferences")).status_code == 200
