"""JSON Feed beside Atom: the same entries, archives and what was taken back, of the same places."""

import httpx
import json_feed
import pytest
from atom import ATOM, entries_of, gone_from, links_of
from atom import read as read_atom
from hostile import TAKEN
from public_site import BASE, CHARTER, PublicSite

from services.publishing.site.feeds import BLOCK
from shared.contracts.event import Event
from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_MEMBER_QUALIFIED,
    PUBLIC_OVERDUE_WITHDRAWN,
    PUBLIC_WITHDRAWN,
    varied,
)

OVERDUE = "/feed/overdue.json"
ASKED = (
    *("overdue", "qualified", "overdue?place=us.ma.boston", "qualified?place=us.ma.salem"),
    *("overdue?sector=street-lights", "overdue?place=us.ma.salem&sector=street-lights"),
)


def raised(number: int, **changes: str) -> Event:
    return varied(PUBLIC_CHECK_OVERDUE, check=f"{number:032x}", **changes)  # type: ignore[no-any-return]


async def test_both_say_the_same(site: PublicSite, client: httpx.AsyncClient) -> None:
    gone = {"reason": "It was another's.", "id": f"{3:032x}"}
    done = varied(PUBLIC_OVERDUE_WITHDRAWN, check=f"{2:032x}")
    await site.hears(
        *(PUBLIC_CHECK_OPENED, raised(1), raised(2), raised(3), raised(4, place="us.ma.salem")),
        *(done, varied(PUBLIC_WITHDRAWN, **gone), PUBLIC_MEMBER_QUALIFIED),
    )
    for asked in ASKED:
        kind, _, query = asked.partition("?")
        atom = read_atom(await client.get(f"/feed/{kind}.atom?{query}".rstrip("?")))
        feed = json_feed.read(await client.get(f"/feed/{kind}.json?{query}".rstrip("?")))
        assert feed["title"] == atom.findtext(f"{ATOM}title")
        assert feed["home_page_url"] == links_of(atom)["alternate"]
        assert feed["authors"] == [{"name": CHARTER.name}]
        told = [(each["id"], each["date_modified"]) for each in feed["items"]]
        assert told == entries_of(atom)
        words = [each.findtext(f"{ATOM}content") for each in atom.iter(f"{ATOM}entry")]
        assert [each["content_text"] for each in feed["items"]] == words
        taken_back = feed["_tribune"]["deleted"]
        assert {each["id"]: each["reason"] for each in taken_back} == gone_from(atom)
    overdue = json_feed.read(await client.get(OVERDUE))
    reasons = [each["reason"] for each in overdue["_tribune"]["deleted"]]
    assert reasons == ["Withdrawn: It was another's.", "It had been done in time."]
    first = overdue["items"][-1]
    assert first["url"] == f"{BASE}/checks/{1:032x}"
    assert first["tags"] == ["street-lights", "us.ma.boston.roxbury"]


async def test_who_goes_on_from_next_to_next_misses_nothing(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    most = 2 * BLOCK + 7
    await site.hears(*(raised(number) for number in range(most)))
    address, seen, been = f"{BASE}{OVERDUE}", set[str](), list[str]()
    while address:
        feed = json_feed.read(await client.get(address))
        been.append(address)
        seen |= {each["url"].rpartition("/")[2] for each in feed["items"]}
        address = feed.get("next_url", "")
    assert seen == {f"{number:032x}" for number in range(most)}
    assert been == [f"{BASE}{OVERDUE}", *(f"{BASE}/feed/overdue/{each}.json" for each in (1, 0))]
    oldest = feed["_tribune"]["archives"]
    assert oldest == {"current": been[0], "next": been[1]}


async def test_hostile_words_are_words(site: PublicSite, client: httpx.AsyncClient) -> None:
    texts = dict(enumerate(TAKEN.values()))
    await site.hears(*(raised(each, owner=text, task=text) for each, text in texts.items()))
    answer = await client.get(OVERDUE)
    items = json_feed.read(answer)["items"]
    assert len(items) == len(texts)
    by_check = {each["url"].rpartition("/")[2]: each for each in items}
    for number, text in texts.items():
        title = by_check[f"{number:032x}"]["title"]
        assert title == f"{text} – due 14 Jan 2030, {text}"
        assert "content_html" not in by_check[f"{number:032x}"], "nobody takes it for marks"


@pytest.mark.parametrize("path", ["none.json", "overdue/0.json", "overdue.json?place=us.nowhere"])
async def test_what_there_is_not_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(f"/feed/{path}")).status_code == 404


async def test_part_is_no_feed(site: PublicSite, client: httpx.AsyncClient) -> None:
    site.goal = 9
    assert (await client.get(OVERDUE)).status_code == 503
