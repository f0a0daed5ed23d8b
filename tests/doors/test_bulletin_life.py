"""A bulletin from stories to its readers, as editors do it on pages."""

import re
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
from at_the_site import HIDDEN, SITE, address_in, page, proposed, sends, until, writes
from house import House

from services.publishing.newsroom.bulletins import bulletin_id_of
from shared.contracts.bulletin import BulletinComposed
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.testing.examples import REPORT_CONFIRMED, REPORT_FILED, new_event, varied

pytestmark = pytest.mark.asyncio(loop_scope="module")
DESK = "/newsroom/bulletins"
REPORT_ID = "7d" * 16
DAYS = {"first": "2001-01-01", "last": "2001-12-31", "items": "5"}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def story(home: House) -> tuple[str, str]:
    """Where it is in the newsroom, and its public id."""
    filed = varied(REPORT_FILED, report_id=REPORT_ID)
    confirmed = varied(REPORT_CONFIRMED, report_id=REPORT_ID)
    key = AggregateKey("intake", "report", REPORT_ID)
    events = [new_event(filed), new_event(confirmed, 2)]
    await home.runtimes["intake"].store.append([Append(key, 0, events)])
    desk = await until(home, "/newsroom", lambda text: "sources=" in text, "eva")
    made = await proposed(home, desk.split("sources=")[1][:32])
    title = f"Light for bulletins {uuid4().hex[:6]}"
    await writes(home, made, title, "It is **lit** again.")
    assert (await sends(home, "edo", f"{made}/review")).status_code == 303
    assert (await sends(home, "edo", f"{made}/publish")).status_code == 303
    listed = await until(home, "/stories", lambda text: title in text)
    return made, address_in(listed.split(title)[0].rpartition('<a href="')[2])


async def today(home: House) -> dict[str, str]:
    zone = home.runtimes["publishing"].frame.language.zone
    day = home.runtimes["publishing"].clock.now().astimezone(zone).date()
    return {"first": str(day), "last": str(day), "items": "5"}


async def composed(home: House, who: str, number: int, **fields: str) -> httpx.Response:
    return await sends(home, who, f"{DESK}/{number}/compose", **fields)


async def test_an_issue_from_stories_to_readers(home: House, story: tuple[str, str]) -> None:
    made, public = story
    empty = await composed(home, "eva", 1, **DAYS)
    assert empty.status_code == 409, "of those days there is nothing"
    wrong = await composed(home, "eva", 1, **DAYS | {"last": "2000-01-01"})
    assert wrong.status_code == 422
    days = await today(home)
    form = await page(home, f"{DESK}/1/compose", "eva")
    hidden = dict(HIDDEN.findall(form)) | days
    token = home.token_of("eva")
    for _ in "ab":  # the same form sent twice
        answer = await home.ask(SITE, "POST", f"{DESK}/1/compose", token, data=hidden)
        assert answer.status_code == 303, answer.text[-400:]
    events = await composed_events(home, 1)
    assert len(events) == 1
    assert [(each.kind, each.id) for each in events[0].items] == [("story", public)]

    shown = await page(home, f"{DESK}/1", "eva")
    assert "Why does it stand here?" in shown
    own = await sends(home, "eva", f"{DESK}/1/review")
    assert own.status_code == 409, "nobody is the second person of their own issue"
    assert (await sends(home, "edo", f"{DESK}/1/issue")).status_code == 409
    assert (await sends(home, "edo", f"{DESK}/1/review")).status_code == 303
    assert (await sends(home, "edo", f"{DESK}/1/issue")).status_code == 303
    issue = await until(home, "/bulletins/1", lambda text: "Light for bulletins" in text)
    assert "<strong>lit</strong>" in issue
    assert "/bulletins/1" in await until(home, "/bulletins", lambda text: "Bulletin 1" in text)
    aloud = await home.ask(SITE, "GET", "/bulletins/1.txt")
    assert aloud.headers["content-type"].startswith("text/plain")
    assert "It is lit again." in aloud.text
    feed = await home.ask(SITE, "GET", "/feed/bulletins.atom")
    assert "Bulletin 1" in feed.text

    again = await composed(home, "eva", 2, **days)
    assert again.status_code == 409, "what stands in an issue is not taken again"
    await self_corrects(home, days)
    taken = await sends(home, "eva", f"{made}/withdraw", reason="It named somebody")
    assert taken.status_code == 303
    gone = await until(home, "/bulletins/1", lambda text: "It named somebody" in text)
    assert "lit" not in re.findall(r"<article.*?</article>", gone, re.DOTALL)[0].split("why")[0]
    assert "Light for bulletins" not in gone
    aloud = await home.ask(SITE, "GET", "/bulletins/1.txt")
    assert "Light for bulletins" not in aloud.text


async def self_corrects(home: House, days: dict[str, str]) -> None:
    assert (await composed(home, "edo", 1, **days)).status_code == 303
    assert "Light for bulletins" in await page(home, "/bulletins/1"), "readers have the one before"
    assert (await sends(home, "eva", f"{DESK}/1/review")).status_code == 303
    assert (await sends(home, "eva", f"{DESK}/1/issue")).status_code == 409, "it says why"
    why = "It was composed too early"
    assert (await sends(home, "eva", f"{DESK}/1/issue", why=why)).status_code == 303
    await until(home, "/bulletins/1", lambda text: why in text)


async def test_a_bulletin_is_withdrawn_for_ever(home: House, story: tuple[str, str]) -> None:
    assert story
    reason = "It was of another day"
    taken = await sends(home, "eva", f"{DESK}/1/withdraw", reason=reason)
    assert taken.status_code == 303
    gone = await until(home, "/bulletins/1", lambda text: reason in text)
    assert "This bulletin was withdrawn" in gone
    assert (await composed(home, "eva", 1, **await today(home))).status_code == 409


async def test_no_number_is_left_out(home: House) -> None:
    answer = await home.ask(SITE, "GET", f"{DESK}/7/compose", home.token_of("eva"))
    assert answer.status_code == 404


async def composed_events(home: House, number: int) -> list[BulletinComposed]:
    key = AggregateKey("publishing", "bulletin", bulletin_id_of(number))
    history = await home.runtimes["publishing"].store.load(key)
    return [each.event for each in history if isinstance(each.event, BulletinComposed)]
