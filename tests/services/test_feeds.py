"""Feeds: whoever comes now and then misses nothing, and sees what was taken back."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from atom import ATOM, HISTORY, FeedReader, entries_of, gone_from, links_of, path_of, read
from public_site import BASE, CHARTER, PublicSite

from services.publishing.site.feeds import BLOCK, LEAST
from shared.contracts.event import Event
from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_DONE_CLAIMED,
    PUBLIC_MEMBER_QUALIFIED,
    PUBLIC_OVERDUE_WITHDRAWN,
    PUBLIC_REPORT_FILED,
    PUBLIC_WITHDRAWN,
    recorded,
    varied,
)

OVERDUE = "/feed/overdue.atom"
FENWAY = "us.ma.boston.fenway"
STORY = (PUBLIC_REPORT_FILED, PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE, PUBLIC_MEMBER_QUALIFIED)


def raised(numbers: Iterable[int], **changes: Any) -> list[Event]:
    return [varied(PUBLIC_CHECK_OVERDUE, check=f"{number:032}", **changes) for number in numbers]


def late(number: int) -> Event:
    done = {"done_on": date(2030, 2, 1), "late": True}
    return varied(PUBLIC_DONE_CLAIMED, check=f"{number:032}", **done)  # type: ignore[no-any-return]


def withdrawn(number: int) -> Event:
    return varied(PUBLIC_WITHDRAWN, id=f"{number:032}")  # type: ignore[no-any-return]


async def feed(client: httpx.AsyncClient, address: str = OVERDUE) -> ET.Element:
    return read(await client.get(address))


@pytest.mark.parametrize("kind", ["overdue", "qualified"])
async def test_a_feed_says_what_happened_on_which_day(
    site: PublicSite, client: httpx.AsyncClient, kind: str
) -> None:
    await site.hears(*STORY)
    root = await feed(client, f"/feed/{kind}.atom")
    assert root.findtext(f"{ATOM}author/{ATOM}name") == CHARTER.name
    assert links_of(root) == {"self": f"{BASE}/feed/{kind}.atom", "alternate": f"{BASE}/"}
    at = 3 if kind == "overdue" else 4
    event = recorded(STORY[at - 1], at)
    assert event.recorded_at == datetime.fromisoformat(f"2030-02-06T12:00:0{at}+00:00")
    moment = f"2030-02-06T00:00:00.00000{at}+00:00"
    assert entries_of(root) == [(f"urn:tribune:event:{event.id}", moment)]


async def test_an_entry_leads_to_the_page_of_its_check(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*STORY)
    (entry,) = (await feed(client)).findall(f"{ATOM}entry")
    address = links_of(entry)["alternate"]
    assert address == f"{BASE}/checks/{PUBLIC_CHECK_OVERDUE.check}"
    assert (await client.get(path_of(address))).status_code == 200


async def test_an_entry_keeps_its_id_and_is_updated_when_it_changes(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*STORY)
    ((before, at),) = entries_of(await feed(client))
    await site.hears(varied(PUBLIC_DONE_CLAIMED, done_on=date(2030, 2, 16), late=True))
    ((after, later),) = entries_of(await feed(client))
    assert after == before
    assert later > at


@pytest.mark.parametrize(
    ("taken_back", "comment"),
    [
        (PUBLIC_WITHDRAWN, "Withdrawn: It named somebody"),
        (PUBLIC_OVERDUE_WITHDRAWN, "It had been done in time."),
    ],
)
async def test_what_is_taken_back_is_a_deleted_entry(
    site: PublicSite, client: httpx.AsyncClient, taken_back: Event, comment: str
) -> None:
    await site.hears(*STORY)
    ((name, _),) = entries_of(await feed(client))
    await site.hears(taken_back, taken_back)
    answer = await client.get(OVERDUE)
    assert gone_from(read(answer)) == {name: comment}
    assert entries_of(read(answer)) == []
    assert "Mend the lamp" not in answer.text


async def test_what_was_withdrawn_before_it_was_raised_is_in_no_feed(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(PUBLIC_CHECK_OPENED, PUBLIC_WITHDRAWN, PUBLIC_CHECK_OVERDUE)
    root = await feed(client)
    assert (entries_of(root), gone_from(root)) == ([], {})


async def test_an_empty_feed_is_valid_and_announced(client: httpx.AsyncClient) -> None:
    root = await feed(client)
    assert root.findtext(f"{ATOM}updated") == "2030-02-16T00:00:00.000000+00:00"
    page = (await client.get("/")).text
    for kind in ("overdue", "qualified"):
        assert f'href="/feed/{kind}.atom"' in page.split("</head>")[0]
    place = (await client.get("/place/us.ma")).text.split("</head>")[0]
    assert 'href="/feed/overdue.atom?place=us.ma"' in place


async def test_a_reader_who_comes_once_a_day_misses_nothing(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    """Three days; on the second 10,000 are raised by one sweep."""
    reader = FeedReader(client, OVERDUE)
    await site.hears(*raised(range(1, 121)))
    await reader.come()
    assert len(reader.entries) == 120
    await site.hears(*raised(range(121, 10_121)))
    await reader.come()
    assert len(reader.entries) == 10_120
    assert len(set(reader.entries.values())) == 10_120
    assert (reader.gone, reader.documents) == ({}, 1 + 10_120 // BLOCK + 1)
    await site.hears(late(5), withdrawn(6), *raised(range(10_121, 10_741)), withdrawn(9_000))
    seen, reader.documents = dict(reader.entries), 0
    await reader.come()
    assert len(reader.entries) == 10_740
    assert len(reader.gone) == 2
    changed = {name for name, at in seen.items() if reader.entries[name] != at}
    assert len(changed) == 1, "what was done late"
    assert reader.documents == 2, "no archive twice"


async def test_an_archive_stays_but_for_what_a_later_document_has_anew(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*raised(range(1, 2 * BLOCK + 11)))
    first = await client.get("/feed/overdue/0.atom")
    root = read(first)
    assert len(entries_of(root)) == BLOCK
    assert root.find(f"{HISTORY}archive") is not None
    links = links_of(root)
    assert links["current"] == f"{BASE}{OVERDUE}"
    assert links["next-archive"] == f"{BASE}/feed/overdue/1.atom"
    assert "prev-archive" not in links
    newest = await feed(client)
    assert links_of(newest)["prev-archive"] == f"{BASE}/feed/overdue/1.atom"
    assert len(entries_of(newest)) == LEAST, "who knows of no archives gets more than what is new"
    await site.hears(*raised(range(2 * BLOCK + 11, 3 * BLOCK)))
    assert (await client.get("/feed/overdue/0.atom")).content == first.content
    await site.hears(withdrawn(3))
    after = await client.get("/feed/overdue/0.atom")
    assert set(entries_of(read(after))) < set(entries_of(root))
    (gone,) = gone_from(await feed(client))
    assert gone in {name for name, _ in entries_of(root)}
    assert gone not in after.text


async def test_there_is_no_archive_of_what_may_still_grow(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(*raised(range(1, BLOCK)))
    for address in ("/feed/overdue/0.atom", "/feed/overdue/9.atom", "/feed/overdue/x.atom"):
        assert (await client.get(address)).status_code == 404
    await site.hears(*raised([BLOCK]))
    assert (await client.get("/feed/overdue/0.atom")).status_code == 200
    assert (await client.get(f"/feed/overdue/{'9' * 30}.atom")).status_code == 404


async def test_feeds_of_a_place_and_of_a_sector(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    """Through gaps in which nothing is theirs."""
    await site.hears(*raised([1, 2]), *raised([3], place="us.ma.salem"), *raised([4], sector="x"))
    await site.hears(*raised(range(5, 3 * BLOCK), place=FENWAY, sector="graffiti"))
    everything = set(entries_of(await feed(client, "/feed/overdue/0.atom")))
    expected = {"place=us.ma.salem": 1, "sector=street-lights": 3, "place=us.ma": 3 * BLOCK - 1}
    expected |= {"place=us.ma.boston.roxbury&sector=street-lights": 2}
    for query, count in expected.items():
        reader = FeedReader(client, f"{OVERDUE}?{query}")
        await reader.come()
        assert len(reader.entries) == count, query
        assert everything & set(reader.entries.items())
    names = {(await feed(client, f"{OVERDUE}?{each}")).findtext(f"{ATOM}id") for each in expected}
    assert len(names) == len(expected)
    title = (await feed(client, f"{OVERDUE}?place=us.ma.salem&sector=street-lights"))[1].text
    assert title == "Tribune of Testing: overdue checks: Salem: Street Lights"


@pytest.mark.parametrize(
    "address",
    [
        "/feed/overdue.atom?place=us.ma.lynn",
        "/feed/overdue.atom?sector=nonsense",
        "/feed/qualified.atom?sector=street-lights",
        "/feed/other/0.atom",
    ],
)
async def test_a_feed_of_what_is_not_there_is_none(client: httpx.AsyncClient, address: str) -> None:
    assert (await client.get(address)).status_code == 404
