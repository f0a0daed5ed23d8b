"""Intake leads a member on to their credentials, and says to nobody else who they are."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from intake_site import FORM, IntakeSite
from own_vault import vault_in
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine

from shared.runtime.slips import Slips
from shared.runtime.vault.persons import Persons
from shared.testing.examples import DIGESTS
from shared.web.sites import Sites

ANN, BEN = "a" * 31 + "1", "b" * 31 + "2"
SITES = Sites("intake", {"intake": "", "promotion": "http://tribune.test:8002"})
PATH = "/mine/credentials"


@pytest.fixture
async def site(database: Engine, tmp_path: Path) -> AsyncIterator[IntakeSite]:
    vault = vault_in(tmp_path)
    yield IntakeSite(database, knowing(), lambda: NOW, vault=vault, sites=SITES)
    vault.close()


async def test_the_slip_tells_whose_reports_they_are_to_their_own_login(site: IntakeSite) -> None:
    person = Persons(site.vault, DIGESTS).id_of(FORM, site.belonging.pseudonym(ANN))
    async with site.visitor(SIGNER.token(session("member", "", ANN))) as visitor:
        answer = await visitor.get(PATH)
    assert answer.status_code == 303
    assert answer.headers["cache-control"] == "no-store"
    there = urlsplit(answer.headers["location"])
    assert (there.netloc, there.path) == ("tribune.test:8002", "/me/credentials")
    (slip,) = parse_qs(there.query)["slip"]
    slips = Slips(site.desk.frame.cookies.key)
    assert slips.person(slip, ANN, NOW) == person
    assert slips.person(slip, BEN, NOW) is None


async def test_who_reported_nothing_by_a_pseudonym_stays_here(site: IntakeSite) -> None:
    async with site.visitor(SIGNER.token(session("member", "", BEN))) as visitor:
        answer = await visitor.get(PATH)
        assert answer.headers["location"] == "/mine"
        assert "nothing counts yet" in (await visitor.get("/mine")).text
