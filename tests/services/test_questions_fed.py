"""The feed of questions: what is asked and answered, without words, and what was taken away."""

import httpx
from atom import ATOM, entries_of, gone_from, links_of, read
from json_feed import read as read_json
from public_site import BASE, PublicSite

from shared.testing.examples import (
    PUBLIC_QUESTION_ANSWERED,
    PUBLIC_QUESTION_ASKED,
    PUBLIC_QUESTION_HIDDEN,
    QUESTION_ID,
    varied,
)

FEED = "/feed/questions.atom"
OTHER = varied(PUBLIC_QUESTION_ASKED, question="e" * 32, page="f" * 32, place="us.ma.salem")


async def test_it_says_what_waits_and_what_was_answered(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(PUBLIC_QUESTION_ASKED, OTHER)
    root = read(await client.get(FEED))
    assert len(entries_of(root)) == 2
    entry = root.findall(f"{ATOM}entry")[1]
    assert links_of(entry)["alternate"] == f"{BASE}/questions/{QUESTION_ID}"
    assert "waits for an answer" in str(entry.findtext(f"{ATOM}title"))
    await site.hears(PUBLIC_QUESTION_ANSWERED)
    root = read(await client.get(f"{FEED}?place=us.ma.boston&sector=street-lights"))
    (entry,) = root.findall(f"{ATOM}entry")
    assert "was answered" in str(entry.findtext(f"{ATOM}title"))
    told = read_json(await client.get("/feed/questions.json"))
    assert len(told["items"]) == 2


async def test_what_was_taken_away_is_told_as_gone(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(PUBLIC_QUESTION_ASKED, OTHER, PUBLIC_QUESTION_HIDDEN)
    root = read(await client.get(FEED))
    assert len(entries_of(root)) == 1
    assert len(gone_from(root)) == 1


async def test_a_list_of_that_name_is_none_of_the_others(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(PUBLIC_QUESTION_ASKED)
    assert "All questions" not in (await client.get("/questions")).text
    assert (await client.get("/feed/nothing.atom")).status_code == 404
