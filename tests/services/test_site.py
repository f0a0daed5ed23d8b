"""The public site: what its pages say, what they never let through, its feeds and their form."""

import gzip
import re
from datetime import date
from xml.etree import ElementTree as ET

import httpx
import pytest
from public_site import CHARTER, PublicSite, another_report

from services.publishing.projections import board
from shared.contracts.place import EVERYWHERE
from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_DONE_CLAIMED,
    PUBLIC_MEMBER_QUALIFIED,
    PUBLIC_REPORT_CONFIRMED,
    PUBLIC_REPORT_FILED,
    varied,
)

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "<script>alert(1)</script>\"'&\u200f"
QUALIFIED = varied(
    PUBLIC_MEMBER_QUALIFIED,
    member="7f3a91c2" + "0" * 24,
    track="inspector",
    confirmed=24,
    sectors=5,
    days=17,
    refuted_share=0.04,
)
STORY = (
    PUBLIC_REPORT_FILED,
    PUBLIC_REPORT_CONFIRMED,
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    QUALIFIED,
)


async def text(client: httpx.AsyncClient, address: str) -> str:
    """The page with its white space evened out."""
    answer = await client.get(address)
    assert answer.status_code == 200, answer
    return " ".join(answer.text.split())


async def feed(client: httpx.AsyncClient, kind: str) -> ET.Element:
    answer = await client.get(f"/feed/{kind}.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.content)  # noqa: S314  our own


async def test_the_front_page_tells_the_story(site: PublicSite, client: httpx.AsyncClient) -> None:
    await site.hears(*STORY)
    page = await text(client, "/")
    assert "<strong>1</strong></dd> <dd>1 confirmed</dd><dd>0 refuted</dd>" in page
    assert '<a href="/place/us.ma.boston.roxbury">Roxbury</a></th> <td>1</td>' in page
    assert "Mend the lamp" in page
    assert "Owner: <bdi>Public Works</bdi>" in page
    assert "<strong>33 days</strong> late" in page
    assert 'due <time datetime="2030-01-14">14 Jan 2030</time>, not done' in page
    assert "<code>M-7f3a-91c2</code>" in page
    assert "<dt>qualification</dt><dd><strong>1</strong></dd> <dd>of 1 member</dd>" in page
    assert (
        "24 reports confirmed, in 5 sectors, on 17 days, 4 % refuted; "
        "track Inspector, rule version 1" in page
    )


async def test_a_check_done_late_stops_counting_days(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    done = varied(PUBLIC_DONE_CLAIMED, done_on=date(2030, 1, 14), late=True)
    await site.hears(*STORY, done)
    page = await text(client, "/")
    assert "<strong>less than a day</strong> late" in page
    assert 'done <time datetime="2030-01-14">14 Jan 2030</time>' in page
    assert "<dd>0 still not done</dd>" in page


async def test_numbers_are_grouped(site: PublicSite, client: httpx.AsyncClient) -> None:
    counts = board.read_model.counts_table
    assert counts is not None
    with site.engine.begin() as connection:
        row = {"sort": "us.ma.salem reports", "count": 58251}
        connection.execute(counts.insert(), [row])
    assert "<strong>58,251</strong>" in await text(client, "/")


async def test_the_board_groups_places_below_the_region_they_share(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    places = ("us.ma.boston.roxbury", "us.ma.boston.fenway", "us.ma.boston", "us.ma.salem")
    await site.hears(*(another_report(place=place) for place in places))
    page = await text(client, "/")
    assert '<a href="/place/us.ma.boston">Boston</a></th> <td>3</td>' in page
    assert '<a href="/place/us.ma.salem">Salem</a></th> <td>1</td>' in page
    page = await text(client, "/place/us.ma.boston")
    assert '<a href="/place/us.ma.boston.roxbury">Roxbury</a></th> <td>1</td>' in page
    assert "Boston, no closer place</th> <td>1</td>" in page
    assert "Salem" not in page


async def test_what_is_about_everywhere_stands_at_the_root_of_all_places(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    for place in ("us.ma.salem", "us.ma.salem", "fr.paris", EVERYWHERE):
        await site.hears(another_report(place=place))
    page = await text(client, "/")
    assert '<a href="/place/us">United States</a></th> <td>2</td>' in page
    assert "Everywhere, no closer place</th> <td>1</td>" in page
    assert page.index("fr") < page.index("Everywhere, no closer place")
    assert "Everywhere" in await text(client, f"/place/{EVERYWHERE}")
    told = (await client.get("/api/figures", params={"place": EVERYWHERE})).json()
    assert (told["name"], told["reports"]) == ("Everywhere", 4)
    assert "<strong>2</strong>" in await text(client, "/place/us")


async def test_a_region_shows_what_happened_below_it(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*STORY)
    for place in ("us", "us.ma.boston", "us.ma.boston.roxbury"):
        page = await text(client, f"/place/{place}")
        assert "Mend the lamp" in page
        assert "M-7f3a-91c2" in page
    elsewhere = await text(client, "/place/us.ma.salem")
    assert "Mend the lamp" not in elsewhere
    assert "Nothing has been reported from here yet" in elsewhere


async def test_empty_pages_say_what_will_appear(client: httpx.AsyncClient) -> None:
    page = await text(client, "/")
    assert "Nothing has been reported yet" in page
    assert "No check is overdue" in page
    assert "Nobody has qualified yet" in page


async def test_lists_go_on_to_older_ones(site: PublicSite, client: httpx.AsyncClient) -> None:
    checks = [
        varied(PUBLIC_CHECK_OVERDUE, check=f"{number:032}", task=f"Task number {number}.")
        for number in range(1, 61)
    ]
    await site.hears(*checks)
    newest = await text(client, "/overdue?place=us.ma")
    assert "Task number 60." in newest
    assert "Task number 10." not in newest
    assert 'href="/overdue?place=us.ma&amp;before=11"' in newest
    older = await text(client, "/overdue?place=us.ma&before=11")
    assert "Task number 10." in older
    assert "Task number 11." not in older


@pytest.mark.parametrize(
    "address",
    ["/", "/place/us.ma.boston", "/overdue", "/qualified", "/nothing", "/place/us.ma.lynn"],
)
async def test_every_page_carries_the_notice_and_the_headers(
    client: httpx.AsyncClient, address: str
) -> None:
    answer = await client.get(address)
    assert CHARTER.notice in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cache-control"] in ("no-cache", "no-store")
    assert " style=" not in answer.text
    assert "<style" not in answer.text
    scripts = re.findall("<script[^>]*>", answer.text)
    data = '<script type="application/ld+json">'
    assert [each for each in scripts if each != data and 'src="/static/' not in each] == []


@pytest.mark.parametrize(
    "address",
    [
        "/nothing",
        "/a/b/c",
        "/place/us.ma.lynn",
        "/place/us.m%",
        "/feed/other.atom",
        "/static/0/app.py",
        "/overdue?place=us.ma.lynn",
        "/overdue?before=-1",
        "/overdue?before=" + "9" * 40,
    ],
)
async def test_what_is_not_there_is_a_page_of_its_own(
    client: httpx.AsyncClient, address: str
) -> None:
    answer = await client.get(address)
    assert answer.status_code == 404
    assert "<h1>Not found</h1>" in answer.text


async def test_a_failure_is_a_page_and_is_not_kept(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    (counts,) = {board.read_model.counts_table}
    assert counts is not None
    counts.drop(site.engine)
    answer = await client.get("/")
    assert answer.status_code == 500
    assert "<h1>Something went wrong</h1>" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "board_v5" not in answer.text
    counts.create(site.engine)
    assert (await client.get("/")).status_code == 200


async def test_hostile_text_stays_text(site: PublicSite, client: httpx.AsyncClient) -> None:
    await site.hears(varied(PUBLIC_CHECK_OVERDUE, owner=HOSTILE, task=HOSTILE))
    for address in ("/", "/place/us.ma", "/overdue"):
        page = await text(client, address)
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;" in page
    (entry,) = (await feed(client, "overdue")).findall(f"{ATOM}entry")
    assert HOSTILE in (entry.findtext(f"{ATOM}title") or "")


async def test_an_unchanged_page_is_not_sent_again(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    tag = (await client.get("/")).headers["etag"]
    assert (await client.get("/", headers={"If-None-Match": tag})).status_code == 304
    await site.hears(*STORY)
    assert (await client.get("/", headers={"If-None-Match": tag})).status_code == 200


@pytest.mark.parametrize("address", ["/", "/overdue", "/feed/overdue.atom", "/static/0/site.css"])
async def test_what_all_get_is_packed_once_and_not_for_each_reader(
    site: PublicSite, client: httpx.AsyncClient, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await site.hears(*STORY)
    packed = []

    def pack(body: bytes, **given: int) -> bytes:
        packed.append(body)
        return compress(body, **given)

    compress = gzip.compress
    monkeypatch.setattr(gzip, "compress", pack)
    plain = await client.get(address, headers={"Accept-Encoding": "identity"})
    small = [await client.get(address, headers={"Accept-Encoding": "gzip"}) for _ in range(3)]
    assert len(packed) <= 1
    for answer in small:
        assert answer.headers["content-encoding"] == "gzip"
        assert int(answer.headers["content-length"]) < 0.6 * len(plain.content)
        assert answer.content == plain.content
        assert answer.headers["etag"] == plain.headers["etag"]
        assert answer.headers["vary"] == plain.headers["vary"]
        assert answer.headers.get_list("vary")[0].count("Accept-Encoding") == 1
    refused = await client.get(address, headers={"Accept-Encoding": "br, gzip;q=0"})
    assert refused.content == plain.content
    assert "content-encoding" not in refused.headers
    tag = {"If-None-Match": plain.headers["etag"], "Accept-Encoding": "gzip"}
    same = await client.get(address, headers=tag)
    assert (same.status_code, same.content) == (304, b"")
    assert same.headers["vary"] == plain.headers["vary"]


async def test_a_page_that_changed_is_packed_anew(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    before = (await client.get("/")).text
    await site.hears(*STORY)
    after = await client.get("/")
    assert after.headers["content-encoding"] == "gzip"
    assert "Mend the lamp" not in before
    assert "Mend the lamp" in after.text


async def test_style_and_script_may_be_kept_for_ever(client: httpx.AsyncClient) -> None:
    page = await text(client, "/")
    for name in ("site.css", "live.js", "icon.svg"):
        (address,) = {part for part in page.split('"') if part.endswith(name)}
        answer = await client.get(address)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]
        old = await client.get(f"/static/0/{name}")
        assert old.headers["cache-control"] == "no-cache"


async def test_a_feed_does_not_grow_with_the_host_that_somebody_made_up(
    client: httpx.AsyncClient,
) -> None:
    """It stood in each of 50 entries, and 200 pages are kept: 600 MB."""
    answer = await client.get("/feed/overdue.atom", headers={"Host": "x" * 60_000})
    assert (answer.status_code, len(answer.content) < 10_000) == (200, True)
    assert "xxx" not in answer.text
