"""What pages say of themselves to those who link to them: canonical links, Open Graph, schema.org,
and a sitemap; all by the address of the settings, and by no word of who asks."""

import json
import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from hostile import TAKEN
from public_site import BASE, CHARTER, PublicSite, public_site
from sqlalchemy import Engine
from taken_data import STORY

from shared.testing.examples import PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE, varied
from shared.web.sites import Sites

CHECK, REPORT = STORY[6].aggregate_id, STORY[0].aggregate_id
PAGES = {
    "/": "/",
    "/place/us.ma.boston": "/place/us.ma.boston",
    "/overdue?place=us.ma&before=9": "/overdue?place=us.ma",
    "/qualified": "/qualified",
    f"/checks/{CHECK}": f"/checks/{CHECK}",
    f"/reports/{REPORT}": f"/reports/{REPORT}",
    f"/checks?state=open&after=2030-01-13/{5:032x}": "/checks?state=open",
    "/owners": "/owners",
    "/patterns?by=month": "/patterns?by=month",
    "/data": "/data",
}
SITEMAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


class Head(HTMLParser):
    """What a page says of itself."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.canonical: list[str | None] = []
        self.graph: dict[str, str | None] = {}
        self.things: list[dict[str, Any]] = []
        self.title, self._in = "", ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_thing = tag == "script" and given.get("type") == "application/ld+json"
        self._in = "thing" if is_thing else tag
        if given.get("rel") == "canonical":
            self.canonical.append(given["href"])
        if name := given.get("property"):
            self.graph[name] = given["content"]

    def handle_endtag(self, _: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in == "thing":
            self.things.append(json.loads(data))
        if self._in == "title":
            self.title += data


async def test_each_page_says_where_it_is_and_what(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*STORY)
    for asked, canonical in PAGES.items():
        answer = await client.get(asked, headers={"Host": "evil.example"})
        assert answer.status_code == 200, asked
        assert "evil.example" not in answer.text
        head = Head(answer.text)
        assert head.canonical == [BASE + canonical]
        assert head.graph["og:url"] == BASE + canonical
        assert head.graph["og:title"] == head.title
        assert head.graph["og:site_name"] == CHARTER.name
        assert head.graph.keys() >= {"og:type", "og:description", "og:locale"}
        (thing,) = head.things
        assert (thing["@context"], thing["url"]) == ("https://schema.org", BASE + canonical)
        assert thing["name"] == head.title
    assert thing["@type"] == "DataCatalog"
    assert {"reports", "checks"} < {each["url"].partition("#")[2] for each in thing["dataset"]}


async def test_where_the_address_is_not_known_nothing_is_said(database: Engine) -> None:
    async with public_site(database, sites=Sites("publishing")) as site, site.client() as client:
        page = await client.get("/")
        head = Head(page.text)
        assert (head.canonical, head.graph, head.things) == ([], {}, [])
        assert (await client.get("/sitemap.xml")).status_code == 404
        assert "Sitemap" not in (await client.get("/robots.txt")).text


async def test_hostile_words_end_neither_an_attribute_nor_a_script(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    texts = {f"{number:032x}": text for number, text in enumerate(TAKEN.values())}
    opened = [varied(PUBLIC_CHECK_OPENED, check=each) for each in texts]
    late = [varied(PUBLIC_CHECK_OVERDUE, check=each, task=text) for each, text in texts.items()]
    await site.hears(*opened, *late)
    for check, text in texts.items():
        page = (await client.get(f"/checks/{check}")).text
        head = Head(page)
        assert head.graph["og:title"] == f"{text} – {CHARTER.name}"
        (thing,) = head.things
        assert thing["name"] == f"{text} – {CHARTER.name}"
        script = page.partition("ld+json")[2].partition(">")[2].partition("</script>")[0]
        assert not re.search("[<>&]", script)


async def test_the_sitemap_has_each_page_that_stays(client: httpx.AsyncClient) -> None:
    answer = await client.get("/sitemap.xml")
    assert answer.headers["content-type"].startswith("application/xml")
    root = ET.fromstring(answer.content)  # noqa: S314  our own
    assert root.tag == f"{SITEMAPS}urlset"
    found = [each.findtext(f"{SITEMAPS}loc") or "" for each in root]
    assert len(set(found)) == len(found)
    assert {f"{BASE}/place/{place}" for place in CHARTER.places} < set(found)
    for address in found:
        assert (await client.get(address)).status_code == 200
    assert f"\nSitemap: {BASE}/sitemap.xml\n" in (await client.get("/robots.txt")).text


@pytest.mark.parametrize("base", ["https://tribune.example/what/is", "https://tribune.example"])
async def test_all_of_it_follows_the_public_address(database: Engine, base: str) -> None:
    sites = Sites("publishing", {"publishing": base})
    async with public_site(database, sites=sites) as site, site.client() as client:
        assert Head((await client.get("/data")).text).canonical == [f"{base}/data"]
        assert f"<loc>{base}/place/us.ma</loc>" in (await client.get("/sitemap.xml")).text
        feed = (await client.get("/feed/overdue.json")).json()
        assert feed["feed_url"] == f"{base}/feed/overdue.json"
        catalogue = (await client.get("/data/catalog.jsonld")).json()
        assert catalogue["@id"] == f"{base}/data"
