"""The site of an instance in Paris: in French, and with the days of Paris."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import httpx
import pytest
from public_site import CHARTER, PublicSite, another_report, public_site
from sqlalchemy import Engine

from shared.contracts.public import TAKEN_BACK
from shared.runtime.charter import Charter
from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_DONE_CLAIMED,
    PUBLIC_MEMBER_QUALIFIED,
    PUBLIC_WITHDRAWN,
    varied,
)
from shared.web.catalogues import files_of, read_catalogue, words_of
from shared.web.language import Language

ATOM = "{http://www.w3.org/2005/Atom}"
DUE = varied(PUBLIC_CHECK_OVERDUE, due_on=date(2030, 10, 10))
NOW = datetime(2030, 10, 12, 22, 15, tzinfo=UTC)


def in_paris() -> Charter:
    words = words_of(read_catalogue(path, "fr") for path in files_of("fr"))
    return replace(CHARTER, language=Language("fr", "Europe/Paris", words))


@pytest.fixture
async def site(database: Engine) -> AsyncIterator[PublicSite]:
    async with public_site(database, charter=in_paris()) as running:
        running.clock.jump(NOW)
        yield running


async def text(client: httpx.AsyncClient, address: str) -> str:
    return " ".join((await client.get(address)).text.replace("\u00a0", " ").split())


async def test_a_due_date_has_the_day_of_the_instance(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(DUE)
    for address in ("/", "/place/us.ma", "/overdue"):
        page = await text(client, address)
        assert '<html lang="fr" dir="ltr">' in page
        due = '<time datetime="2030-10-10">10 oct. 2030</time>'
        assert "<strong>3 jours</strong> de retard <span" in page
        assert f"échéance le {due}, pas fait" in page
        assert 'État au <time datetime="2030-10-12T22:15:00Z">13 oct. 2030</time>' in page
        assert "Toutes les dates sont dans ce fuseau horaire : Paris." in page


async def test_what_was_done_has_it_too(site: PublicSite, client: httpx.AsyncClient) -> None:
    done = varied(PUBLIC_DONE_CLAIMED, done_on=date(2030, 10, 12), late=True)
    await site.hears(PUBLIC_CHECK_OPENED, DUE, done)
    page = await text(client, "/")
    assert 'fait le <time datetime="2030-10-12">12 oct. 2030</time>' in page
    assert "0 toujours pas fait<" in page


async def test_feeds_say_the_day_in_words_and_as_a_moment_for_programs(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(DUE)
    root = ET.fromstring((await client.get("/feed/overdue.atom")).content)  # noqa: S314
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "fr"
    (entry,) = root.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == (
        "Mend the lamp – échéance le 10 oct. 2030, Public Works"
    )
    assert (entry.findtext(f"{ATOM}content") or "").endswith(
        "Échéance le 10 oct. 2030, pas fait à l’échéance."
    )
    assert entry.findtext(f"{ATOM}updated") == "2030-02-06T00:00:00.000001+01:00"


async def test_what_a_rule_took_back_has_its_reason_in_french_and_an_editor_s_stays(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    """As old events have it, too."""
    await site.hears(PUBLIC_CHECK_OPENED, DUE, varied(PUBLIC_WITHDRAWN, reason=TAKEN_BACK))
    address = f"/checks/{PUBLIC_CHECK_OPENED.check}"
    assert "Cela ne devait pas être public." in await text(client, address)
    feed = await text(client, "/feed/overdue.atom")
    assert "Retiré : Cela ne devait pas être public.</at:comment>" in feed
    assert TAKEN_BACK not in feed
    own = varied(DUE, check="e" * 32)
    taken = varied(PUBLIC_WITHDRAWN, id=own.check)
    await site.hears(varied(PUBLIC_CHECK_OPENED, check=own.check), own, taken)
    assert "It named somebody" in await text(client, f"/checks/{own.check}")


async def test_a_day_that_was_counted_in_utc_stays_and_the_page_says_so(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(varied(PUBLIC_MEMBER_QUALIFIED, on=date(2030, 10, 9)))
    page = await text(client, "/qualified")
    assert '<time datetime="2030-10-09">9 oct. 2030</time>' in page
    assert "sont des jours UTC" in page


async def test_while_nothing_newer_comes_the_hour_is_that_of_the_instance(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await client.get("/")
    site.connected = False
    page = await text(client, "/")
    assert '<time datetime="2030-10-12T22:15:00Z">00:15 CEST, 13 oct. 2030</time>' in page
    assert "ne peuvent pas arriver pour le moment" in page


async def test_one_and_many_are_told_apart(site: PublicSite, client: httpx.AsyncClient) -> None:
    assert "<dt>signalement</dt><dd><strong>0</strong>" in await text(client, "/")
    await site.hears(another_report())
    assert "<dt>signalement</dt><dd><strong>1</strong>" in await text(client, "/")
    await site.hears(another_report())
    assert "<dt>signalements</dt><dd><strong>2</strong>" in await text(client, "/")
