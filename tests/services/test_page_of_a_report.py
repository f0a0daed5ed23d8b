"""What is public of one report has a page, with the pictures that editors have passed."""

import httpx
import pytest
from public_site import PublicSite

from services.publishing.site.pictures import AT_ONCE, MOST_WAIT, Pictures
from services.publishing.site.sorry import NothingToShowError, TooMuchAskedError
from shared.eventsourcing.errors import LogUnavailableError
from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_FILE_PASSED,
    PUBLIC_FILE_TAKEN_BACK,
    PUBLIC_REPORT_CONFIRMED,
    PUBLIC_REPORT_CORROBORATED,
    PUBLIC_REPORT_FILED,
    PUBLIC_WITHDRAWN,
    varied,
)

REPORT, PICTURE = PUBLIC_REPORT_FILED.report, PUBLIC_FILE_PASSED.picture
ADDRESS = f"/reports/{REPORT}"
SHOWN = f"{ADDRESS}/{PICTURE}.jpg"
GONE = varied(PUBLIC_WITHDRAWN, what="report", id=REPORT)


async def status(client: httpx.AsyncClient, address: str) -> int:
    return (await client.get(address)).status_code


async def test_a_report_has_a_page_without_its_words(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(PUBLIC_CHECK_OPENED)
    assert await status(client, ADDRESS) == 404
    assert await status(client, f"/reports/{PUBLIC_CHECK_OPENED.check}") == 404
    assert await status(client, "/reports/x") == 404
    await site.hears(
        PUBLIC_REPORT_FILED, PUBLIC_REPORT_CORROBORATED, varied(PUBLIC_REPORT_CONFIRMED)
    )
    page = (await client.get(ADDRESS)).text
    assert "<h1><bdi>Report: Street Lights</bdi></h1>" in page
    assert "<dd>confirmed</dd>" in page
    assert "Seen by others" in page
    assert "<img" not in page


async def test_a_picture_is_there_as_long_as_it_is_public(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    site.pictures[PICTURE] = b"\xff\xd8\xff a picture"
    await site.hears(PUBLIC_REPORT_FILED)
    assert await status(client, SHOWN) == 404
    for _ in range(2):
        await site.hears(PUBLIC_FILE_PASSED)
        assert (await client.get(ADDRESS)).text.count(f'src="{SHOWN}"') == 1
    answer = await client.get(SHOWN)
    assert (answer.content, answer.headers["content-type"]) == (
        site.pictures[PICTURE],
        "image/jpeg",
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "max-age=60" in answer.headers["cache-control"]
    assert await status(client, f"/reports/{'1' * 32}/{PICTURE}.jpg") == 404
    told = (await client.get(f"/open311/v2/requests/{REPORT}.json")).json()
    assert told[0]["media_url"].endswith(SHOWN)
    assert f"/{SHOWN}" not in told[0]["media_url"], "one slash, or it leads nowhere"
    await site.hears(PUBLIC_FILE_TAKEN_BACK)
    assert await status(client, SHOWN) == 404
    assert PICTURE not in (await client.get(ADDRESS)).text


async def test_of_a_withdrawn_report_nothing_is_shown_whatever_comes_later(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    site.pictures[PICTURE] = b"\xff\xd8\xff a picture"
    await site.hears(PUBLIC_REPORT_FILED, PUBLIC_FILE_PASSED, GONE, PUBLIC_FILE_PASSED)
    assert await status(client, SHOWN) == 404
    assert await status(client, ADDRESS) == 404


async def test_while_the_log_is_away_it_says_so_and_many_do_not_wait() -> None:
    async def away(_: str) -> bytes | None:
        raise LogUnavailableError

    pictures = Pictures(away)
    for _ in range(AT_ONCE + 1):
        with pytest.raises(NothingToShowError):
            await pictures.shown(PICTURE)
    pictures._asked = MOST_WAIT
    with pytest.raises(TooMuchAskedError):
        await pictures.shown(PICTURE)
