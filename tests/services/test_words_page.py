"""Words of sources that are not trusted wait at the editor's desk, and are passed with a reason."""

import re
from html import unescape

import pytest
from intake_site import IntakeSite
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine
from visiting import HIDDEN

from services.intake.domain.check import OpenCheck
from services.intake.domain.handing_over import HandOverCheck
from shared.contracts.check import CheckWordsPassed
from shared.testing.examples import CHECK_ID, CHECK_OPENED, varied

TOKEN = re.compile(r'name="token" value="([^"]+)"')
PASS = f"/words/{CHECK_ID}/pass"
OWNER = "Ana <b>Ruiz</b>, Mill Street 5"


@pytest.fixture
async def site(database: Engine) -> IntakeSite:
    site = IntakeSite(database, knowing(), lambda: NOW)
    await site.do(OpenCheck(varied(CHECK_OPENED, passed=False, owner=OWNER)))
    return site


def passed(site: IntakeSite) -> list[CheckWordsPassed]:
    return [each.event for each in site.events() if isinstance(each.event, CheckWordsPassed)]


async def test_an_editor_reads_what_waits_and_passes_it_once(site: IntakeSite) -> None:
    async with site.visitor(SIGNER.token(session(who="eva"))) as eva:
        listed = await eva.get("/words")
        assert "Ana &lt;b&gt;Ruiz&lt;/b&gt;" in listed.text
        assert listed.headers["Cache-Control"] == "no-store"
        page = await eva.get(PASS)
        found = TOKEN.search(page.text)
        assert found
        empty = await eva.post(PASS, data={"token": found[1], "reason": ""})
        assert empty.status_code == 422
        assert passed(site) == []
        fields = {"token": found[1], "reason": "It names an office"}
        for _ in range(2):
            assert (await eva.post(PASS, data=fields)).status_code == 303
        (event,) = passed(site)
        assert (event.role, event.reason, event.owner) == ("editor", "It names an office", OWNER)
        assert re.fullmatch("staff:editor:[0-9a-f]{32}", site.events()[-1].actor)
        assert "No words wait." in (await eva.get("/words")).text
        assert (await eva.get(PASS)).status_code == 404


async def test_what_is_handed_over_while_it_is_read_is_read_once_more(site: IntakeSite) -> None:
    async with site.visitor(SIGNER.token(session(who="eva"))) as eva:
        page = await eva.get(PASS)
        fields = {name: unescape(value) for name, value in HIDDEN.findall(page.text)}
        assert fields["owner"] == OWNER
        now = site.clock.now()
        over = HandOverCheck(CHECK_ID, OWNER, "Bo Ek, Hill Road 7", "Moved", now, now)
        await site.do(over)
        fields["reason"] = "It names an office"
        answer = await eva.post(PASS, data=fields)
        assert answer.status_code == 409
        assert "handed over meanwhile" in answer.text
    assert passed(site) == []


@pytest.mark.parametrize(
    ("who", "looks", "passes"),
    [("ina", 403, 403), ("ana", 403, 403), ("aud", 200, 403), ("pla", 403, 403), ("", 303, 401)],
)
async def test_the_wrong_role_passes_nothing(
    site: IntakeSite, who: str, looks: int, passes: int
) -> None:
    token = SIGNER.token(session(who=who)) if who else ""
    async with site.visitor(token) as other:
        looked = await other.get("/words")
        assert looked.status_code == (401 if looks == 303 else looks), "no sign-in is linked here"
        assert "/pass" not in looked.text
        for headers in ({}, {"Sec-Fetch-Site": "cross-site"}):
            answer = await other.post(PASS, data={"token": "x", "reason": "y"}, headers=headers)
            assert answer.status_code == passes
    assert passed(site) == []


async def test_a_form_from_elsewhere_passes_nothing(site: IntakeSite) -> None:
    async with site.visitor(SIGNER.token(session(who="eva"))) as eva:
        found = TOKEN.search((await eva.get(PASS)).text)
        assert found
        for token, headers in (("made-up", {}), (found[1], {"Sec-Fetch-Site": "cross-site"})):
            fields = {"token": token, "reason": "It names an office"}
            assert (await eva.post(PASS, data=fields, headers=headers)).status_code == 403
    assert passed(site) == []
