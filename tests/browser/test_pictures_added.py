"""Pictures that come later, in a real browser: by a code, from a member's page, at the desk."""

from pathlib import Path

import pytest
from chromium import CHROMIUM
from files_made import photograph
from intake_site import FORM, IntakeSite
from nats.aio.client import Client
from own_vault import vault_in
from persons import H1, MESSAGE, Person, person
from served import served
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine
from street import passer_by, reported, street
from test_reporting_by_phone import WithoutScripts

from services.intake.domain.exchange import Inquire
from services.intake.domain.report import FileReport
from shared.contracts.identity import aggregate_id
from shared.runtime.vault.persons import Persons
from shared.testing.examples import DIGESTS, MONDAY, REPORT_FILED, REPORT_ID, varied

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")

ANN = "a" * 31 + "1"
MAIN = "document.querySelector('main').innerText"
SHOWN = "[...document.querySelectorAll('.files img')].map(each => each.naturalWidth > 0)"


@pytest.fixture
def lamp(tmp_path: Path) -> Path:
    (tmp_path / "lamp.jpg").write_bytes(photograph())
    return tmp_path / "lamp.jpg"


async def signs_in(who: Person, token: str) -> None:
    named = {"name": "tribune_session", "value": token}
    await who.tab.call("Network.setCookie", **named, url=who.address)


@pytest.mark.deep
@pytest.mark.parametrize("kind", [Person, WithoutScripts])
async def test_who_is_asked_for_a_picture_sends_it_by_phone(
    nats: Client, database: Engine, tmp_path: Path, lamp: Path, kind: type[Person]
) -> None:
    vault = vault_in(tmp_path)
    async with (
        street(nats, database, vault=vault) as here,
        served(here.app) as address,
        person(tmp_path / "bea", address) as one,
    ):
        async with passer_by(here) as client:
            code = await reported(client)
        report = aggregate_id("report", "boston", await here.codes.name_of(code))
        await here.do(Inquire(report, "inspector", "Have you a picture?", MONDAY))
        bea = kind(one.tab, one.address, one.axe)
        await bea.tab.look_as(320, scripts=kind is Person)
        await bea.opens("/trace")
        await bea.sends("/trace", code=code)
        assert "Have you a picture?" in await bea.sees(MAIN)
        await bea.sends("/trace/reply")
        assert await bea.sees("document.querySelector('.errors li').innerText")
        await bea.tab.choose("#files", lamp)
        await bea.sends("/trace/reply", words="Here it is.")
        shown = await bea.sees(MAIN)
        for words in ("It is with the body now.", "1 file goes with it.", "More files were added"):
            assert words in shown
        if kind is Person:
            await bea.looks_everywhere()
    vault.close()


async def test_a_member_adds_a_picture_and_the_desk_shows_it(
    database: Engine, tmp_path: Path, lamp: Path
) -> None:
    vault = vault_in(tmp_path)
    site = IntakeSite(database, knowing(), lambda: NOW, vault=vault)
    who = Persons(vault, DIGESTS).id_of(FORM, site.belonging.pseudonym(ANN))
    await site.do(FileReport(varied(REPORT_FILED, correspondent=who, protected=True)))
    known = {"report_id": "c" * 32, "source_id": "109", "protected": False}
    await site.do(FileReport(varied(REPORT_FILED, **known)))
    vault.keys_of(["c" * 32])
    code = site.holders.code_of("c" * 32)
    assert code
    await site.holding.put(ANN, "c" * 32, code)
    async with served(site.app) as address, person(tmp_path / "ann", address) as ann:
        await signs_in(ann, SIGNER.token(session("member", "", ANN)))
        await ann.tab.look_as(390)
        await ann.opens("/mine")
        for report in (REPORT_ID, "c" * 32):
            await ann.tab.choose("#files", lamp)
            await ann.sends("/mine/files", to=report)
            assert await ann.sees(MESSAGE) == "It goes with your report now."
        await ann.sends("/mine/files", to=REPORT_ID)
        assert await ann.sees("document.querySelector('#files-error').innerText")
        await ann.looks_everywhere()
        await signs_in(ann, SIGNER.token(session(who="ina")))
        await ann.opens("/desk?files=yes")
        assert (await ann.sees(MAIN)).count("1 file") == 2
        await ann.looks_everywhere()
        await ann.opens(f"/desk/{REPORT_ID}")
        assert "1 sealed file went with it." in await ann.sees(MAIN)
        await ann.opens(f"/desk/{'c' * 32}")
        assert await ann.sees(H1)
        assert await ann.sees(SHOWN) == [True]
        await ann.looks_everywhere()
    vault.close()
