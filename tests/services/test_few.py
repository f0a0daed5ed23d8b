"""Pages say that small figures are not shown, wherever something may be held."""

from dataclasses import replace

import httpx
import pytest
from public_site import CHARTER, PublicSite, public_site
from sqlalchemy import Engine

from shared.runtime.charter_models import Source
from shared.testing.examples import PUBLIC_MEMBER_QUALIFIED, PUBLIC_REPORT_FILED, varied

SAID = "Where only 5 or fewer people have a place in common"
UNTOLD = dict.fromkeys(("confirmed", "sectors", "days", "refuted_share"))


@pytest.mark.parametrize(("public", "is_said"), [(False, True), (True, False)])
async def test_they_say_so_where_a_source_is_protected(
    database: Engine,
    public: bool,  # noqa: FBT001
    is_said: bool,  # noqa: FBT001
) -> None:
    charter = replace(CHARTER, sources={"hotline": Source(name="Hotline", public=public)})
    async with public_site(database, charter=charter) as site, site.client() as client:
        for address in ("/", "/place/us.ma.boston"):
            assert (SAID in (await client.get(address)).text) is is_said


async def test_of_a_protected_member_only_the_rule_is_told(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(varied(PUBLIC_MEMBER_QUALIFIED, **UNTOLD))
    page = (await client.get("/qualified")).text
    assert "track Correspondent, rule version 1" in page
    assert "None" not in page


async def test_a_report_without_a_sector_counts_in_its_place(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(varied(PUBLIC_REPORT_FILED, sector=None))
    page = (await client.get("/place/us.ma.boston.roxbury")).text
    assert "<dt>report</dt><dd><strong>1</strong>" in page
