"""A reader's host stands in no document that others are given."""

import httpx
from public_site import PublicSite, public_site
from sqlalchemy import Engine

from shared.web.sites import Sites

ADDRESS = "https://tribune.example/there"
FEED = "/feed/overdue.atom"
ELSEWHERE = {"Host": "evil.example"}


async def fed(site: PublicSite) -> httpx.Response:
    async with site.client() as client:
        answer = await client.get(FEED, headers=ELSEWHERE)
    assert answer.status_code == 200
    return answer


async def test_where_the_address_is_known_a_feed_has_it_and_no_other(database: Engine) -> None:
    async with public_site(database, Sites("publishing", {"publishing": ADDRESS})) as site:
        answer = await fed(site)
    assert f'href="{ADDRESS}{FEED}"' in answer.text
    assert "evil.example" not in answer.text
    assert answer.headers["cache-control"] == "public, max-age=60"


async def test_where_it_is_not_known_a_feed_leads_to_where_it_came_from(database: Engine) -> None:
    async with public_site(database, Sites("publishing", {"publishing": ""})) as site:
        answer = await fed(site)
    assert f'href="{FEED}"' in answer.text
    assert "evil.example" not in answer.text
    assert answer.headers["cache-control"] == "public, max-age=60"
