"""Whoever acts for an owner appeals once against a verdict on what it said to be done."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import pytest
from checkers_drawn import ANN, BEN, TASK, Here
from signed_in import SIGNER, session
from sqlalchemy import Engine

from services.intake.projections import checkings
from shared.contracts.checking import AppealMade
from shared.contracts.party import Parties, Party
from shared.testing.examples import CHECKING_ID, CHECKING_OPENED, DAY

TOKEN = re.compile(r'name="token" value="([^"]+)"')
MORE = re.compile(r'rel="next" href="([^"]+)"')
CY = "c" * 31 + "3"
APPEAL = f"/owed/verdicts/{CHECKING_ID}/appeal"


@pytest.fixture
def here(database: Engine, tmp_path: Path) -> Iterator[Here]:
    here = Here(database, tmp_path)
    owning = here.site.owning
    acting = frozenset((owning.number(BEN),))
    works = Party("works", "Works", (CHECKING_OPENED.owner,), members=acting)
    parks = frozenset((owning.number(CY),))
    for login in (BEN, CY):
        here.person(login)
    owning.parties = Parties((works, Party("parks", "Parks", members=parks)))
    yield here
    here.vault.close()


async def settled(here: Here, checking: str = CHECKING_ID, **changes: str) -> None:
    await here.draws(ANN, agree=1, checking_id=checking, **changes)
    await here.posts(ANN, "accept", checking=checking)
    await here.finds(ANN, checking=checking)


async def appeals(here: Here, login: str, reason: str) -> httpx.Response:
    async with here.site.visitor(SIGNER.token(session("member", "", login))) as visitor:
        page = await visitor.get("/checking")
        found = TOKEN.search((await visitor.get(APPEAL)).text) or TOKEN.search(page.text)
        fields = {"token": found[1] if found else "", "reason": reason}
        return await visitor.post(APPEAL, data=fields)


async def page(here: Here, login: str = BEN, at: str = "/owed/verdicts") -> str:
    async with here.site.visitor(SIGNER.token(session("member", "", login))) as visitor:
        return (await visitor.get(at)).text


async def test_the_owner_appeals_once_with_a_reason(here: Here) -> None:
    assert "There is no verdict" in await page(here)
    await settled(here)
    shown = await page(here)
    assert TASK in shown
    assert "The verdict is: Not done." in shown
    assert (await appeals(here, BEN, "")).status_code == 422
    assert (await appeals(here, BEN, "It shone that night")).status_code == 303
    assert "There is no verdict" in await page(here)
    assert (await appeals(here, BEN, "Once more")).status_code == 404
    (appeal,) = here.told(AppealMade)
    assert (appeal.appellant, appeal.reason) == ("owner", "It shone that night")


async def test_nobody_else_does_and_not_when_it_is_final(here: Here) -> None:
    await settled(here)
    assert (await appeals(here, ANN, "It is mine")).status_code == 403
    assert TASK not in await page(here, CY)
    assert (await appeals(here, CY, "It is theirs")).status_code == 404
    here.site.clock.jump(CHECKING_OPENED.opened_at + 60 * DAY)
    assert TASK not in await page(here)
    assert (await appeals(here, BEN, "It shone that night")).status_code == 404
    assert here.told(AppealMade) == []


async def test_many_go_on_page_by_page_and_each_can_be_appealed_against(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also the one on the last page."""
    monkeypatch.setattr(checkings, "MOST", 2)
    ids = [f"{number:032x}" for number in range(5)]
    for number, checking in enumerate(ids):
        await settled(here, checking, check_id=checking, task=f"Lamp {number}")
    await settled(here, "f" * 32, check_id="f" * 32, owner="Parks", task="Theirs")
    shown, at = [], "/owed/verdicts"
    for _ in range(3):
        text = await page(here, at=at)
        shown.append(re.findall(r"Lamp \d", text))
        assert "Theirs" not in text
        assert ("From the beginning" in text) == (at != "/owed/verdicts")
        onward = MORE.search(text)
        at = unescape(onward[1]) if onward else ""
    assert shown == [["Lamp 0", "Lamp 1"], ["Lamp 2", "Lamp 3"], ["Lamp 4"]]
    assert at == "", "there is no fourth one"
    async with here.site.visitor(SIGNER.token(session("member", "", BEN))) as visitor:
        for checking, code in ((ids[4], 200), ("f" * 32, 404)):
            answer = await visitor.get(f"/owed/verdicts/{checking}/appeal")
            assert answer.status_code == code
    assert re.findall(r"Lamp \d", await page(here, at="/owed/verdicts?after=x")) == shown[0]
