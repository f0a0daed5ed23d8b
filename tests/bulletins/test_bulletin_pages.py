"""The pages of bulletins at the public site: an issue, to be read aloud, and the meter."""

import csv
import io
from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from public_site import public_site
from sqlalchemy import Engine

from services.publishing.newsroom.words import Words
from shared.contracts.event import Event
from shared.testing.examples import (
    CENTRE,
    ITEM,
    PUBLIC_BULLETIN_CORRECTED,
    PUBLIC_BULLETIN_ISSUED,
    PUBLIC_BULLETIN_WITHDRAWN,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_STORY_CORRECTED,
    PUBLIC_STORY_PUBLISHED,
    PUBLIC_STORY_WITHDRAWN,
    PUBLIC_WITHDRAWN,
    ROXBURY,
    varied,
)

TEXT = Words(
    words_id="6b" * 16,
    story_id="5a" * 16,
    title="A lamp & <its> street",
    text="# Unlit\n\nIt was **unlit**.",
    salt="0" * 32,
    written_at=datetime(2030, 1, 17, tzinfo=UTC),
)
STORY = varied(PUBLIC_STORY_PUBLISHED, digest=TEXT.digest)
CHECK = PUBLIC_CHECK_OVERDUE
OF_A_STORY = ITEM.model_copy(update={"id": STORY.story, "digest": TEXT.digest})
OF_A_CHECK = ITEM.model_copy(
    update={
        "kind": "check",
        "id": CHECK.check,
        "news": "overdue",
        "words": None,
        "digest": None,
        "region": CENTRE,
        "place": CENTRE,
        "size": 9,
        "on": CHECK.due_on,
        "chosen": "rank",
    }
)
ISSUE = varied(PUBLIC_BULLETIN_ISSUED, items=(OF_A_STORY, OF_A_CHECK))
BELOW = varied(ISSUE, items=(OF_A_CHECK, OF_A_STORY), reason="Nobody else wrote")


def told(ids: Collection[str]) -> dict[str, Words]:
    """The words lie beside the log, where the newsroom put them."""
    return {TEXT.words_id: TEXT} if TEXT.words_id in ids else {}


async def read(database: Engine, paths: Sequence[str], *events: Event) -> list[str]:
    async with public_site(database, told=told) as site:
        await site.hears(*events)
        async with site.client() as client:
            answers = [await client.get(path) for path in paths]
            assert {answer.status_code for answer in answers} == {200}
            return [answer.text for answer in answers]


ONE, ALOUD, ALL, METER = "/bulletins/1", "/bulletins/1.txt", "/bulletins", "/bulletins/share"


async def test_an_issue_shows_its_pieces_and_why_each_stands_there(database: Engine) -> None:
    text, listed = await read(database, [ONE, ALL], STORY, CHECK, ISSUE)
    assert "A lamp &amp; &lt;its&gt; street" in text
    assert "<strong>unlit</strong>" in text
    assert "<h3>Unlit</h3>" in text, "its headings stand below those of the issue"
    assert f"/checks/{CHECK.check}" in text
    assert "is in so that its region has its floor" in text
    for summand in (ITEM.value, ITEM.freshness, ITEM.corroboration, ITEM.local, ITEM.total):
        assert f"{summand}</" in text
    assert "/bulletins/1" in listed
    assert "2 items" in listed


async def test_below_its_floor_the_reason_is_printed_with_what_lacks(database: Engine) -> None:
    text, aloud = await read(database, [ONE, ALOUD], STORY, CHECK, BELOW)
    assert "Nobody else wrote" in text
    assert "Items of the regions: 1; at least 2 are needed" in text
    assert "Nobody else wrote" in aloud


async def test_to_be_read_aloud_each_piece_is_announced(database: Engine) -> None:
    (text,) = await read(database, [ALOUD], STORY, CHECK, ISSUE)
    assert "1 of 2. From Roxbury." in text
    assert "A lamp & <its> street\n\nUnlit" in text, "as it is written, with no marks"
    assert "**" not in text
    assert "is overdue." in text


async def test_what_was_withdrawn_since_shows_so_in_the_issue(database: Engine) -> None:
    gone = varied(PUBLIC_STORY_WITHDRAWN, story=STORY.story)
    taken = varied(PUBLIC_WITHDRAWN, what="check", id=CHECK.check, reason="It was wrong")
    text, aloud = await read(database, [ONE, ALOUD], STORY, CHECK, ISSUE, gone, taken)
    assert "unlit" not in text
    assert gone.reason in text
    assert "It was wrong" in text
    assert text.count("What stood here was withdrawn") == 2
    assert "is in so that its region has its floor" in text, "that it was in stays told"
    assert "lamp" not in aloud
    assert gone.reason in aloud


async def test_what_was_corrected_since_stands_as_it_was_and_says_so(database: Engine) -> None:
    mended = varied(PUBLIC_STORY_CORRECTED, story=STORY.story)
    (text,) = await read(database, [ONE], STORY, CHECK, ISSUE, mended)
    assert "<strong>unlit</strong>" in text
    assert "here it is as it was in this issue" in text


async def test_another_text_than_the_issue_names_is_shown_to_nobody(database: Engine) -> None:
    other = varied(ISSUE, items=(OF_A_STORY.model_copy(update={"digest": "9" * 64}),))
    (text,) = await read(database, [ONE], STORY, CHECK, other)
    assert "unlit" not in text
    assert "What stood here is gone" in text


async def test_a_bulletin_is_corrected_and_withdrawn(database: Engine) -> None:
    both = STORY, CHECK, ISSUE, varied(PUBLIC_BULLETIN_CORRECTED, items=(OF_A_STORY,))
    async with public_site(database, told=told) as site, site.client() as client:
        await site.hears(*both)
        text = (await client.get(ONE)).text
        await site.hears(PUBLIC_BULLETIN_WITHDRAWN)
        gone, listed, share = [(await client.get(path)).text for path in (ONE, ALL, f"{METER}.csv")]
    assert PUBLIC_BULLETIN_CORRECTED.why in text
    assert "/checks/" not in text.split("<main")[1].split("What each region")[0]
    assert PUBLIC_BULLETIN_WITHDRAWN.reason in gone
    assert "lamp" not in gone
    assert "/bulletins/1" not in listed
    assert len(share.splitlines()) == 1, "it is in no figure"


async def test_there_is_no_such_issue(database: Engine) -> None:
    async with public_site(database, told=told) as site, site.client() as client:
        await site.hears(STORY, CHECK, ISSUE)
        for path in ("/bulletins/2", "/bulletins/x", "/bulletins/9999999999.txt"):
            assert (await client.get(path)).status_code == 404, path


async def test_the_meter_shows_each_share_by_issue_and_over_time(database: Engine) -> None:
    second = varied(BELOW, bulletin="0" * 30 + "2b", number=2)
    there = STORY, CHECK, ISSUE, second
    text, page = await read(database, [f"{METER}.csv", METER], *there)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["bulletin"], row["region"]) for row in rows] == [
        ("2", CENTRE),
        ("2", ROXBURY),
        ("1", CENTRE),
        ("1", ROXBURY),
    ]
    own = rows[3]
    assert (own["reports"], own["share_of_reports"]) == ("7", f"{7 / 47:.4f}")
    assert (own["items"], own["share_of_items"]) == ("1", "0.5000")
    assert (own["words"], own["share_of_words"]) == ("120", f"{120 / 129:.4f}")
    assert own["leads"] == "1"
    assert [row["of_the_regions"] for row in rows] == ["no", "yes", "no", "yes"]
    assert "below it, with its reason" in page
