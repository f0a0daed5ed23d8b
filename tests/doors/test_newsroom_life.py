"""A story from a report to its readers, corrected and withdrawn, as editors do it on pages."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import pytest_asyncio
from at_the_site import SITE, address_in, page, proposed, sends, until, writes
from house import House

from shared.eventsourcing.event_store import AggregateKey, Append
from shared.testing.examples import REPORT_CONFIRMED, REPORT_FILED, new_event

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def report(home: House) -> str:
    """The public id of a report that proved right, as the desk shows it."""
    key = AggregateKey("intake", "report", REPORT_FILED.report_id)
    events = [new_event(REPORT_FILED), new_event(REPORT_CONFIRMED, 2)]
    await home.runtimes["intake"].store.append([Append(key, 0, events)])
    desk = await until(home, "/newsroom", lambda text: "sources=" in text, "eva")
    assert "A report proved right" in desk
    return desk.split("sources=")[1][:32]


async def test_a_story_from_report_to_reader(home: House, report: str) -> None:
    title = f"A lamp in Roxbury, {uuid4().hex[:6]}"  # tried once more, there is another one
    story = await proposed(home, report)
    await writes(home, story, title, "It was **unlit**. <script>x</script>")
    own = await sends(home, "eva", f"{story}/review")
    assert own.status_code == 409, "nobody is the second person of their own text"
    early = await sends(home, "edo", f"{story}/publish")
    assert early.status_code == 409
    assert (await sends(home, "edo", f"{story}/review")).status_code == 303
    assert title not in await page(home, "/stories"), "nobody has published it"
    assert (await sends(home, "edo", f"{story}/publish")).status_code == 303
    listed = await until(home, "/stories", lambda text: title in text)
    read = await page(home, f"/stories/{address_in(listed)}")
    assert "<strong>unlit</strong>" in read
    assert "<script>x" not in read
    assert f"/reports/{report}" in read, "it leads to what it rests on"
    front = await until(home, "/", lambda text: title in text)
    assert front.index(title) < front.index('id="places"'), "stories lead"
    used = await until(home, f"/reports/{report}", lambda text: "Where it was used" in text)
    assert title in used

    await writes(home, story, f"{title} is lit", "It was unlit.", "edo")
    assert (await sends(home, "eva", f"{story}/review")).status_code == 303
    assert (await sends(home, "eva", f"{story}/publish")).status_code == 409, "it says why"
    why = "It was mended"
    assert (await sends(home, "eva", f"{story}/publish", why=why)).status_code == 303
    public = f"/stories/{address_in(listed)}"
    corrected = await until(home, public, lambda text: why in text)
    assert f"{title} is lit" in corrected
    old = await page(home, f"{public}/1")
    assert "<strong>unlit</strong>" in old, "the text of before stays readable"
    assert "It was corrected" in old

    taken = await sends(home, "eva", f"{story}/withdraw", reason="It named somebody")
    assert taken.status_code == 303
    gone = await until(home, public, lambda text: "It named somebody" in text)
    assert "unlit" not in gone
    assert title not in gone
    again = await home.ask(SITE, "GET", f"{public}/1")
    assert again.status_code == 404
    assert title not in await page(home, "/stories")
    assert title not in await until(home, "/", lambda text: title not in text)
    assert "Where it was used" not in await page(home, f"/reports/{report}")
    words = home.folder / "publishing-secrets.db"
    files = [each.read_bytes() for each in home.folder.glob("publishing-secrets.db*")]
    assert words.exists()
    assert not any(title.encode() in each for each in files), "its words are on no disk"


async def test_an_embargo_ends_and_what_is_held_waits(home: House, report: str) -> None:
    waits, held = await proposed(home, report), await proposed(home, report)
    for story, title in ((waits, "Under an embargo"), (held, "Not before it is safe")):
        await writes(home, story, title, "Words.")
        assert (await sends(home, "edo", f"{story}/review")).status_code == 303
    soon = datetime.now(UTC) + timedelta(minutes=1)
    moment = soon.astimezone(home.runtimes["publishing"].frame.language.zone)
    past = await sends(home, "edo", f"{waits}/publish", until="2001-01-01 00:00")
    assert past.status_code == 409
    typed = f"{moment:%Y-%m-%d %H:%M}"
    hold = await sends(home, "edo", f"{held}/hold", reason="They move", ask_at="2200-01-01 00:00")
    assert hold.status_code == 303
    assert (await sends(home, "edo", f"{held}/publish")).status_code == 409
    assert (await sends(home, "edo", f"{held}/publish", until=typed)).status_code in (303, 409)
    assert "Under an embargo" not in await page(home, "/stories")
    assert (await sends(home, "edo", f"{held}/safe")).status_code == 303
    assert (await sends(home, "edo", f"{held}/publish")).status_code == 303
    await until(home, "/stories", lambda text: "Not before it is safe" in text)


async def test_the_same_form_sent_twice_does_it_once(home: House, report: str) -> None:
    fields = {"once": "d" * 32, "sources": report, "token": home.form_token}
    token = home.token_of("eva")
    both = [await home.ask(SITE, "POST", "/newsroom/propose", token, data=fields) for _ in "ab"]
    first, second = (each.headers["Location"] for each in both)
    assert first == second


async def test_what_is_not_public_is_proposed_by_nobody(home: House, report: str) -> None:
    answer = await sends(home, "eva", f"/newsroom/propose?sources={report}", sources="f" * 32)
    assert answer.status_code == 422
    assert "nothing that is worth a story" in answer.text
