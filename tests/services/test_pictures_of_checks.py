"""A picture of what a checker found on the public page of its check: as long as it is public."""

from datetime import UTC

import httpx
import pytest
from public_site import PublicSite

from services.publishing.public import gate
from shared.contracts.event import Event
from shared.testing.examples import (
    PICTURE_PASSED,
    PICTURE_TAKEN_BACK,
    PUBLIC_CHECK_OPENED,
    PUBLIC_PICTURE_PASSED,
    PUBLIC_PICTURE_TAKEN_BACK,
    PUBLIC_WITHDRAWN,
    varied,
)

CHECK, PICTURE = PUBLIC_PICTURE_PASSED.check, PUBLIC_PICTURE_PASSED.picture
ADDRESS = f"/checks/{CHECK}"
SHOWN = f"{ADDRESS}/{PICTURE}.jpg"
GONE = varied(PUBLIC_WITHDRAWN, id=CHECK)


async def status(client: httpx.AsyncClient, address: str) -> int:
    return (await client.get(address)).status_code


async def test_it_is_shown_with_its_check_and_with_no_other(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    site.pictures[PICTURE] = b"\xff\xd8\xff a picture"
    await site.hears(PUBLIC_CHECK_OPENED)
    assert "What checkers saw" not in (await client.get(ADDRESS)).text
    assert await status(client, SHOWN) == 404, "whatever the bucket has"
    for _ in range(2):
        await site.hears(PUBLIC_PICTURE_PASSED)
        assert (await client.get(ADDRESS)).text.count(f'src="{SHOWN}"') == 1
    answer = await client.get(SHOWN)
    assert answer.content == site.pictures[PICTURE]
    assert answer.headers["content-type"] == "image/jpeg"
    assert await status(client, f"/checks/{'1' * 32}/{PICTURE}.jpg") == 404
    assert await status(client, f"/reports/{CHECK}/{PICTURE}.jpg") == 404
    await site.hears(PUBLIC_PICTURE_TAKEN_BACK)
    assert await status(client, SHOWN) == 404
    assert PICTURE not in (await client.get(ADDRESS)).text


async def test_of_a_withdrawn_check_nothing_is_shown_whatever_comes_later(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    site.pictures[PICTURE] = b"\xff\xd8\xff a picture"
    story = PUBLIC_CHECK_OPENED, PUBLIC_PICTURE_PASSED, GONE, PUBLIC_PICTURE_PASSED
    await site.hears(*story)
    assert await status(client, SHOWN) == 404
    assert PICTURE not in (await client.get(ADDRESS)).text


@pytest.mark.parametrize("event", [PICTURE_PASSED, PICTURE_TAKEN_BACK], ids=["passed", "back"])
def test_the_gate_tells_nobody_who_took_it_and_nothing_of_what_is_hidden(event: Event) -> None:
    through = gate(b"a key for tests", UTC)
    told = through(event)
    assert told is not None
    text = told.model_dump_json()
    for inside in (PICTURE_PASSED.member_id, PICTURE_PASSED.digest, PICTURE_PASSED.checking_id):
        assert inside not in text
    assert through(varied(event, confidential=True)) is None
