"""What checkers made of a claim of done: on its page, in the register, in figures and requests."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from public_site import PublicSite

from services.publishing.projections import board, kept, requested
from services.publishing.public import gate
from shared.contracts import public_checking
from shared.testing.examples import (
    CHECK_HALVED,
    CHECK_OPENED,
    CLAIM_REFUTED,
    CLAIM_UNCHECKED,
    CLAIM_UPHELD,
    PUBLIC_CHECK_HALVED,
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_CLAIM_REFUTED,
    PUBLIC_CLAIM_UNCHECKED,
    PUBLIC_CLAIM_UPHELD,
    PUBLIC_DONE_CLAIMED,
    PUBLIC_OVERDUE_WITHDRAWN,
    PUBLIC_WITHDRAWN,
    RECORDED_FROM,
    varied,
)

ID = PUBLIC_CHECK_OPENED.check
DUE = PUBLIC_CHECK_OPENED.due_on
RAISED = PUBLIC_CHECK_OVERDUE
DONE = varied(PUBLIC_DONE_CLAIMED, late=False, done_on=PUBLIC_CLAIM_REFUTED.done_on)
DONE_LATE = varied(PUBLIC_DONE_CLAIMED, late=True, done_on=DUE + timedelta(days=3))
TAKEN_BACK = varied(PUBLIC_OVERDUE_WITHDRAWN, done_on=DONE.done_on)
REFUTED, UPHELD, HALVED = PUBLIC_CLAIM_REFUTED, PUBLIC_CLAIM_UPHELD, PUBLIC_CHECK_HALVED
UNCHECKED = PUBLIC_CLAIM_UNCHECKED
HALF = varied(REFUTED, verdict="half done")
SECOND_TIER = varied(RAISED, tier=2)
DATED_BACK = varied(DONE_LATE, said_on=DONE.done_on)


async def page(client: httpx.AsyncClient) -> str:
    answer = await client.get(f"/checks/{ID}")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


async def standing(site: PublicSite, client: httpx.AsyncClient) -> tuple[str, int, int, int]:
    """Its state in the register, and done in time, overdue and still overdue on the board."""
    (check,) = (await client.get("/api/checks")).json()["checks"]
    with site.engine.connect() as connection:
        (row,) = board.all_places(connection)
    return check["state"], row["done_in_time"], row["overdue"], row["still_overdue"]


STORIES: list[tuple[list[Any], tuple[str, int, int, int]]] = [
    ([DONE], ("done", 1, 0, 0)),
    ([DONE, UPHELD], ("done", 1, 0, 0)),
    ([DONE, REFUTED], ("overdue", 0, 0, 0)),
    ([DONE, REFUTED, RAISED], ("overdue", 0, 1, 1)),
    ([RAISED, DONE_LATE], ("done-late", 0, 1, 0)),
    ([RAISED, DONE_LATE, REFUTED], ("overdue", 0, 1, 1)),
    ([RAISED, DONE_LATE, REFUTED, varied(DONE_LATE)], ("done-late", 0, 1, 0)),
    ([RAISED, DONE, TAKEN_BACK], ("done", 1, 0, 0)),
    ([RAISED, DONE, TAKEN_BACK, REFUTED], ("overdue", 0, 0, 0)),
    ([RAISED, DONE, TAKEN_BACK, REFUTED, RAISED], ("overdue", 0, 1, 1)),
    ([RAISED, DONE, TAKEN_BACK, REFUTED, RAISED, UPHELD, TAKEN_BACK], ("done", 1, 0, 0)),
    ([RAISED, DONE_LATE, HALF, HALVED], ("half-done", 0, 1, 0)),
    ([RAISED, DATED_BACK], ("done-late", 0, 1, 0)),
    ([RAISED, DATED_BACK, UNCHECKED], ("done-late", 0, 1, 0)),
    ([RAISED, DATED_BACK, UPHELD, TAKEN_BACK], ("done", 1, 0, 0)),
    ([RAISED, DATED_BACK, REFUTED], ("overdue", 0, 1, 1)),
]


@pytest.mark.parametrize(("story", "expected"), STORIES)
async def test_rows_and_figures_follow_what_checkers_found(
    site: PublicSite,
    client: httpx.AsyncClient,
    story: list[Any],
    expected: tuple[str, int, int, int],
) -> None:
    await site.hears(PUBLIC_CHECK_OPENED, *story)
    assert await standing(site, client) == expected


async def test_its_page_and_history_say_it_without_names_or_words(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(PUBLIC_CHECK_OPENED, RAISED, DONE_LATE, REFUTED)
    told = await page(client)
    assert "checkers did not find what was claimed done for" in told
    assert "not done, " in told
    await site.hears(UPHELD, HALF, HALVED)
    told = await page(client)
    for words in ("checkers found it done", "checkers found half of", "half done, found on"):
        assert words in told
    assert f'href="/checks/{HALVED.rest}"' in told
    steps = (await client.get(f"/api/checks/{ID}/due")).json()["steps"]
    assert [each["what"] for each in steps] == [
        *("ClaimRefuted", "ClaimUpheld", "ClaimRefuted", "CheckHalved")
    ]
    found = (await client.get("/api/checks", params={"state": "half-done"})).json()["checks"]
    assert [each["check"] for each in found] == [ID]


CLAIMS: list[tuple[list[Any], str | None, str]] = [
    ([DONE], None, "the word of its owner; nobody has looked"),
    ([DONE, UNCHECKED], "unchecked", "not checked: nobody could tell"),
    ([DONE, UNCHECKED, UPHELD], "upheld", "upheld: checkers found it done"),
    ([DONE, UPHELD], "upheld", "upheld: checkers found it done"),
    ([DONE, UNCHECKED, REFUTED], None, "open"),
    ([DONE, UNCHECKED, REFUTED, DONE], None, "the word of its owner; nobody has looked"),
    ([RAISED, DATED_BACK], None, "It was claimed after the due date for"),
    ([RAISED, DATED_BACK, UNCHECKED], "unchecked", "It was claimed after the due date for"),
    ([DONE, UPHELD, varied(PUBLIC_WITHDRAWN, id=ID)], None, "withdrawn"),
]


@pytest.mark.parametrize(("story", "found", "words"), CLAIMS)
async def test_what_nobody_could_check_is_told_apart_from_what_was_upheld(
    site: PublicSite,
    client: httpx.AsyncClient,
    story: list[Any],
    found: str | None,
    words: str,
) -> None:
    """On its page, in the register, and in figures with what they are of."""
    await site.hears(PUBLIC_CHECK_OPENED, *story)
    assert words in await page(client)
    told = (await client.get("/api/checks")).json()["checks"]
    assert [each["found"] for each in told] == [found] * len(told)
    rows = (await client.get("/api/patterns")).json()["rows"]
    for row in rows:
        looked = {"upheld": int(found == "upheld"), "unchecked": int(found == "unchecked")}
        assert {name: row[name] for name in looked} == looked
        assert (row["claimed"], row["share_unchecked"]) == (1, float(found == "unchecked"))
    assert len(rows) == len(told)


async def test_what_was_tried_stands_in_its_history(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(PUBLIC_CHECK_OPENED, RAISED, DATED_BACK, UNCHECKED)
    steps = (await client.get(f"/api/checks/{ID}/due")).json()["steps"]
    assert [each["what"] for each in steps] == ["DoneClaimed", "ClaimUnchecked"]
    assert steps[0]["said_on"] == str(DONE.done_on)
    told = await page(client)
    for words in ("after the due date; that counts once", "nobody could check what was claimed"):
        assert words in told


async def test_what_is_raised_again_stands_in_the_tier_that_it_had(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    async def tier() -> int | None:
        (check,) = (await client.get("/api/checks")).json()["checks"]
        found: int | None = check["tier"]
        return found

    await site.hears(PUBLIC_CHECK_OPENED, RAISED, SECOND_TIER, DONE, TAKEN_BACK)
    assert await tier() is None
    await site.hears(REFUTED, RAISED)
    assert await tier() == 2
    await site.hears(varied(RAISED, tier=3))
    assert await tier() == 3


async def test_of_what_is_withdrawn_no_verdict_is_told(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    gone = varied(PUBLIC_WITHDRAWN, id=ID)
    await site.hears(PUBLIC_CHECK_OPENED, DONE, HALF, HALVED, gone, REFUTED, HALVED)
    told = await page(client)
    assert "checkers" not in told
    assert HALVED.rest not in told


async def test_who_was_late_as_known_when_counts_what_was_refuted(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    async def late(on: date) -> list[str]:
        answer = await client.get("/api/late", params={"on": f"{on}"})
        return [each["check"] for each in answer.json()["checks"]]

    day = DUE + timedelta(days=5)
    known = (RECORDED_FROM + timedelta(hours=12)).date()
    assert known > day
    await site.hears(PUBLIC_CHECK_OPENED, RAISED, DONE_LATE)
    assert await late(day) == []
    await site.hears(REFUTED)
    assert await late(day) == [ID]
    await site.hears(varied(DONE_LATE, done_on=DUE + timedelta(days=6)))
    assert await late(day) == [ID]
    assert await late(day + timedelta(days=1)) == []


async def test_what_was_halved_is_late_until_then(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    async def late(on: date, known: date) -> list[str]:
        answer = await client.get("/api/late", params={"on": f"{on}", "known": f"{known}"})
        return [each["check"] for each in answer.json()["checks"]]

    await site.hears(PUBLIC_CHECK_OPENED, RAISED, DONE_LATE, HALF, HALVED)
    known = (RECORDED_FROM + timedelta(hours=12)).date()
    assert HALVED.on < known
    assert await late(HALVED.on - timedelta(days=1), known) == [ID]
    assert await late(HALVED.on, known) == []


async def test_what_was_taken_back_is_late_again_once_it_is_refuted(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    async def late() -> list[Any]:
        asked = {"on": f"{DUE + timedelta(days=5)}"}
        found: list[Any] = (await client.get("/api/late", params=asked)).json()["checks"]
        return found

    await site.hears(PUBLIC_CHECK_OPENED, RAISED, DONE, TAKEN_BACK)
    assert await late() == []
    await site.hears(REFUTED, RAISED)
    assert [each["check"] for each in await late()] == [ID]
    await site.hears(UPHELD, TAKEN_BACK)
    assert await late() == []


@pytest.mark.parametrize(("days", "not_done"), [(0, 0), (1, 1)])
async def test_what_was_halved_by_its_day_counts_for_no_owner(
    site: PublicSite, days: int, not_done: int
) -> None:
    halved = varied(HALVED, on=DUE + timedelta(days=days))
    await site.hears(PUBLIC_CHECK_OPENED, DONE, HALF, halved)
    with site.engine.connect() as connection:
        found = kept.found(connection, kept.Asked(DUE + timedelta(days=9), DUE, DUE))
    assert sum(kept.not_done for kept in found) == not_done


REQUESTS: list[tuple[list[Any], tuple[date | None, str | None]]] = [
    ([DONE], (DONE.done_on, "done")),
    ([DONE, REFUTED], (None, "reopened")),
    ([DONE, REFUTED, UPHELD], (UPHELD.done_on, "done")),
    ([RAISED, DONE_LATE, REFUTED, DONE_LATE], (DONE_LATE.done_on, "done late")),
    ([RAISED, DONE_LATE, HALF, HALVED], (HALVED.on, "half done")),
]


@pytest.mark.parametrize(("story", "expected"), REQUESTS)
async def test_as_a_request_it_is_open_again(
    site: PublicSite, story: list[Any], expected: tuple[date | None, str | None]
) -> None:
    await site.hears(PUBLIC_CHECK_OPENED, *story)
    with site.engine.connect() as connection:
        row = requested.kept(connection, ID)
    assert row is not None
    assert (row["closed_on"], row["outcome"]) == expected


def test_the_rest_has_the_public_id_under_which_it_is_opened() -> None:
    let_through = gate(b"k" * 32, RECORDED_FROM.tzinfo)  # type: ignore[arg-type]
    halved = let_through(CHECK_HALVED)
    opened: Any = let_through(varied(CHECK_OPENED, check_id=CHECK_HALVED.rest_id))
    assert isinstance(halved, public_checking.CheckHalved)
    assert halved.rest == opened.check


@pytest.mark.parametrize("event", [CLAIM_REFUTED, CLAIM_UPHELD, CLAIM_UNCHECKED, CHECK_HALVED])
def test_of_what_is_confidential_no_verdict_passes(event: Any) -> None:
    let_through = gate(b"k" * 32, RECORDED_FROM.tzinfo)  # type: ignore[arg-type]
    assert let_through(varied(event, confidential=True)) is None
    plain: Any = let_through(event)
    lifted: Any = let_through(varied(event, lifted=True))
    assert plain.check != lifted.check
