"""Who was late on one day as was public on another: for programs, from what is public."""

from datetime import date, timedelta

import httpx
import pytest
from public_site import PublicSite

from services.publishing.projections import late as rows_of_late
from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_DONE_CLAIMED,
    PUBLIC_OVERDUE_WITHDRAWN,
    PUBLIC_WITHDRAWN,
    RECORDED_FROM,
    ROXBURY,
    varied,
)

ID = PUBLIC_CHECK_OPENED.check
DUE = PUBLIC_CHECK_OPENED.due_on
KNOWN = (RECORDED_FROM + timedelta(hours=12)).date()
DAY = timedelta(days=1)


async def late(client: httpx.AsyncClient, on: date, known: date | None = None) -> list[str]:
    asked = {"on": f"{on}"} | ({"known": f"{known}"} if known else {})
    answer = await client.get("/api/late", params=asked)
    assert answer.status_code == 200, answer.text
    return [each["check"] for each in answer.json()["checks"]]


async def test_it_is_late_from_the_day_after_and_once_that_is_known(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE)
    assert await late(client, DUE) == []
    assert await late(client, DUE + DAY) == [ID]
    assert await late(client, DUE + DAY, KNOWN) == [ID]
    assert await late(client, DUE + DAY, KNOWN - DAY) == []


async def test_what_is_learned_later_changes_nothing_of_what_was_known(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    third = DUE + 3 * DAY
    done = varied(PUBLIC_DONE_CLAIMED, late=True, done_on=third)
    await site.hears(PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE, done)
    assert await late(client, third - DAY) == [ID]
    assert await late(client, third) == []


async def test_what_had_been_in_time_or_is_withdrawn_was_never_late_as_known_now(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE, PUBLIC_OVERDUE_WITHDRAWN)
    assert await late(client, DUE + DAY) == []
    other = varied(PUBLIC_CHECK_OVERDUE, check="7" * 32)
    await site.hears(other)
    assert await late(client, DUE + DAY) == ["7" * 32]
    await site.hears(varied(PUBLIC_WITHDRAWN, id="7" * 32))
    assert await late(client, DUE + DAY) == []


@pytest.mark.parametrize("looked_at", [1, 2, 3])
async def test_however_little_is_looked_at_for_an_answer_all_is_found_in_the_end(
    site: PublicSite,
    client: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
    looked_at: int,
) -> None:
    monkeypatch.setattr(rows_of_late, "LOOKED_AT", looked_at)
    found = [varied(PUBLIC_CHECK_OVERDUE, check=f"{n:032x}") for n in range(6)]
    done = [varied(PUBLIC_DONE_CLAIMED, check=f"{n:032x}", late=True) for n in (1, 2, 3)]
    await site.hears(*found, *done)
    asked, seen, after = {"on": f"{DUE + DAY}", "limit": "2"}, list[str](), ""
    for _ in range(10):
        told = (await client.get("/api/late", params=asked | after_it(after))).json()
        seen += [each["check"] for each in told["checks"]]
        if not (after := told["after"]):
            break
    assert seen == [f"{n:032x}" for n in (0, 4, 5)]


def after_it(after: str) -> dict[str, str]:
    return {"after": after} if after else {}


async def test_pages_and_places(site: PublicSite, client: httpx.AsyncClient) -> None:
    found = [varied(PUBLIC_CHECK_OVERDUE, check=f"{n:032x}") for n in range(5)]
    await site.hears(*found)
    asked = {"on": f"{DUE + DAY}", "limit": "2", "place": ROXBURY}
    seen: list[str] = []
    while True:
        told = (await client.get("/api/late", params=asked)).json()
        seen += [each["check"] for each in told["checks"]]
        if told["after"] is None:
            break
        asked["after"] = told["after"]
    assert seen == [each.check for each in found]
    for wrong, status in (
        ({"on": "2030-01-15", "place": "nowhere"}, 404),
        ({"on": "2030-01-15", "after": "x"}, 400),
        ({"on": "x"}, 422),
        ({}, 422),
    ):
        answer = await client.get("/api/late", params=wrong)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
