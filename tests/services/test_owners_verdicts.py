"""Whoever acts for an owner appeals once against a verdict on what it said to be done."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from checkers_drawn import ANN, BEN, TASK, Here
from signed_in import SIGNER, session
from sqlalchemy import Engine

from shared.contracts.checking import AppealMade
from shared.contracts.party import Parties, Party
from shared.testing.examples import CHECKING_ID, CHECKING_OPENED, DAY

TOKEN = re.compile(r'name="token" value="([^"]+)"')
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


async def settled(here: Here) -> None:
    await here.draws(ANN, agree=1)
    await here.posts(ANN, "accept", checking=CHECKING_ID)
    await here.finds(ANN)


async def appeals(here: Here, login: str, reason: str) -> httpx.Response:
    async with here.site.visitor(SIGNER.token(session("member", "", login))) as visitor:
        page = await visitor.get("/checking")
        found = TOKEN.search((await visitor.get(APPEAL)).text) or TOKEN.search(page.text)
        fields = {"token": found[1] if found else "", "reason": reason}
        return await visitor.post(APPEAL, data=fields)


async def page(here: Here, login: str = BEN) -> str:
    async with here.site.visitor(SIGNER.token(session("member", "", login))) as visitor:
        return (await visitor.get("/owed/verdicts")).text


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
