"""Whoever acts for an owner hands over in a real browser; pages of owners, checkers and editors are
orderly on a phone and at a desk."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from checkers_drawn import ANN, BEN, Here
from chromium import CHROMIUM
from persons import MESSAGE, Person, person
from served import served
from signed_in import SIGNER, session
from sqlalchemy import Engine

from services.intake.domain.check import OpenCheck
from services.intake.domain.due import DueRules
from services.intake.domain.more_time import AskForMoreTime
from shared.contracts.handing_over import CheckHandedOver
from shared.contracts.party import Parties, Party
from shared.testing.examples import CHECK_OPENED, CHECKING_ID, DAY, varied

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")

CHECK, OTHER = f"{8:032x}", f"{9:032x}"
TEXT = "document.querySelector('main').innerText"
OF_OWNERS = ("/owed", f"/owed/{OTHER}/done", f"/owed/{OTHER}/more-time", "/owed/verdicts")
OF_ANN = (*OF_OWNERS, f"/owed/verdicts/{CHECKING_ID}/appeal")
OF_EVA = (
    "/commitments",
    "/commitments/make",
    f"/commitments/{OTHER}/done",
    f"/commitments/{OTHER}/hand-over",
    "/more-time",
    f"/more-time/{OTHER}/grant",
)


@pytest.fixture
async def here(database: Engine, tmp_path: Path) -> AsyncIterator[Here]:
    here = Here(database, tmp_path)
    owning, now = here.site.owning, here.site.clock.now()
    acting = frozenset((owning.number(ANN),))
    works = Party("works", CHECK_OPENED.owner, members=acting)
    owning.parties = Parties((works, Party("parks", "Parks")))
    until = (CHECK_OPENED.due_at + 30 * DAY).date()
    for check in (CHECK, OTHER):
        await here.site.do(OpenCheck(varied(CHECK_OPENED, check_id=check)))
        asks = check, CHECK_OPENED.owner, until, "No lamps to be had", DueRules(), now
        await here.site.do(AskForMoreTime(*asks))
    await here.draws(BEN, agree=1)
    await here.posts(BEN, "accept", checking=CHECKING_ID)
    await here.finds(BEN)
    yield here
    here.vault.close()


@asynccontextmanager
async def signed_in(here: Here, folder: Path, token: str) -> AsyncIterator[Person]:
    async with served(here.site.app) as address, person(folder, address) as one:
        cookie = {"name": "tribune_session", "value": token, "url": address}
        await one.tab.call("Network.setCookie", **cookie)
        yield one


async def test_an_owner_hands_over(here: Here, tmp_path: Path) -> None:
    token = SIGNER.token(session("member", "", ANN))
    async with signed_in(here, tmp_path / "ann", token) as ann:
        await ann.opens("/owed")
        await ann.tab.act(f"document.querySelector('a[href$=\"{CHECK}/hand-over\"]').click()")
        await ann.sends("/hand-over", to="Parks", reason="The lamp is in a park")
        assert await ann.sees(MESSAGE) == "It is handed over."
        assert CHECK not in await ann.sees("document.querySelector('main').innerHTML")
        (over,) = here.told(CheckHandedOver)
        assert (over.to, over.reason) == ("Parks", "The lamp is in a park")


@pytest.mark.deep
@pytest.mark.parametrize("width", [390, 1280])
async def test_pages_of_owners_checkers_and_editors_are_orderly(
    here: Here, tmp_path: Path, width: int
) -> None:
    of_staff, of_ann = session(who="eva"), session("member", "", ANN)
    for who, paths in ((of_staff, OF_EVA), (of_ann, (*OF_ANN, "/checking", "/checking/away"))):
        async with signed_in(here, tmp_path / who.holder, SIGNER.token(who)) as one:
            for dark in (False, True):
                await one.tab.look_as(width, dark=dark)
                for path in paths:
                    await one.opens(path)
                    assert await one.sees("document.querySelector('h1')?.innerText"), path
            assert [line for line in one.tab.console if "axe" not in line] == []
