"""Checks behind the shield of a confidential report stand at the editor's desk, who may lift it."""

import re

import pytest
from intake_site import IntakeSite
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine

from services.intake.domain.check import OpenCheck
from services.intake.domain.report import FileReport
from shared.contracts.check import ShieldLifted
from shared.testing.examples import CHECK_ID, CHECK_OPENED, REPORT_FILED, varied

TOKEN = re.compile(r'name="token" value="([^"]+)"')
LIFT = f"/shielded/{CHECK_ID}/lift"


@pytest.fixture
async def site(database: Engine) -> IntakeSite:
    site = IntakeSite(database, knowing(), lambda: NOW)
    await site.do(FileReport(varied(REPORT_FILED, confidential=True)))
    await site.do(OpenCheck(varied(CHECK_OPENED, passed=False, owner="<i>Ana</i>")))
    return site


def lifted(site: IntakeSite) -> list[ShieldLifted]:
    return [each.event for each in site.events() if isinstance(each.event, ShieldLifted)]


async def test_an_editor_lets_it_be_public_once_and_its_words_wait_then(site: IntakeSite) -> None:
    async with site.visitor(SIGNER.token(session(who="eva"))) as eva:
        assert "No words wait." in (await eva.get("/words")).text
        listed = await eva.get("/shielded")
        assert "&lt;i&gt;Ana" in listed.text
        assert listed.headers["Cache-Control"] == "no-store"
        found = TOKEN.search((await eva.get(LIFT)).text)
        assert found
        empty = await eva.post(LIFT, data={"token": found[1], "reason": ""})
        assert empty.status_code == 422
        assert lifted(site) == []
        fields = {"token": found[1], "reason": "It names nobody"}
        for _ in range(2):
            assert (await eva.post(LIFT, data=fields)).status_code == 303
        (event,) = lifted(site)
        assert (event.role, event.reason, event.passed) == ("editor", "It names nobody", False)
        assert "No check is shielded." in (await eva.get("/shielded")).text
        assert "&lt;i&gt;Ana" in (await eva.get("/words")).text
        assert (await eva.get(LIFT)).status_code == 404


@pytest.mark.parametrize(
    ("who", "looks"), [("ina", 403), ("ana", 403), ("aud", 200), ("pla", 403), ("", 401)]
)
async def test_the_wrong_role_lifts_nothing(site: IntakeSite, who: str, looks: int) -> None:
    async with site.visitor(SIGNER.token(session(who=who)) if who else "") as other:
        looked = await other.get("/shielded")
        assert looked.status_code == looks
        assert "/lift" not in looked.text
        for headers in ({}, {"Sec-Fetch-Site": "cross-site"}):
            answer = await other.post(LIFT, data={"token": "x", "reason": "y"}, headers=headers)
            assert answer.status_code == (403 if who else 401)
    assert lifted(site) == []
