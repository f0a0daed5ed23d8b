"""An editor grants more time or declines it, on a page of what is asked and not answered."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from intake_site import IntakeSite
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine

from services.intake.domain.check import OpenCheck
from services.intake.domain.due import DueRules
from services.intake.domain.handing_over import HandOverCheck
from services.intake.domain.more_time import AskForMoreTime
from shared.contracts.clock import DueDateMoved, MoreTimeDeclined
from shared.testing.examples import CHECK_OPENED, DAY, varied

TOKEN = re.compile(r'name="token" value="([^"]+)"')
CHECK, OTHER = CHECK_OPENED.check_id, f"{1:032x}"
WHY = "No lamps to be had"


@pytest.fixture
async def site(database: Engine) -> IntakeSite:
    site = IntakeSite(database, knowing(), lambda: NOW)
    until = (CHECK_OPENED.due_at + 30 * DAY).date()
    for check in (CHECK, OTHER):
        await site.do(OpenCheck(varied(CHECK_OPENED, check_id=check)))
        of_it = check, CHECK_OPENED.owner, until, WHY, DueRules()
        await site.do(AskForMoreTime(*of_it, site.clock.now()))
    return site


@asynccontextmanager
async def staff(site: IntakeSite, who: str) -> AsyncIterator[httpx.AsyncClient]:
    async with site.visitor(SIGNER.token(session(who=who))) as visitor:
        yield visitor


async def sends(visitor: httpx.AsyncClient, act: str, reason: str, check: str = CHECK) -> int:
    address = f"/more-time/{check}/{act}"
    found = TOKEN.search((await visitor.get(address)).text)
    fields = {"token": found[1] if found else "", "reason": reason}
    return (await visitor.post(address, data=fields)).status_code


def told(site: IntakeSite, kind: type) -> list[str]:
    return [each.event.check_id for each in site.events() if isinstance(each.event, kind)]


@pytest.mark.parametrize(("act", "kind"), [("grant", DueDateMoved), ("decline", MoreTimeDeclined)])
async def test_it_is_answered_once_with_a_reason(site: IntakeSite, act: str, kind: type) -> None:
    async with staff(site, "eva") as eva:
        assert (await eva.get("/more-time")).text.count(WHY) == 2
        assert await sends(eva, act, "") == 422
        assert await sends(eva, act, "So be it") == 303
        assert (await eva.get("/more-time")).text.count(WHY) == 1
        assert (await eva.get(f"/more-time/{CHECK}/{act}")).status_code == 404
    assert told(site, kind) == [CHECK]


async def test_what_is_late_or_was_handed_over_meanwhile_waits_no_more(site: IntakeSite) -> None:
    owner, now = CHECK_OPENED.owner, site.clock.now()
    await site.do(HandOverCheck(CHECK, owner, "Parks", "It is in a park", now, now))
    async with staff(site, "eva") as eva:
        assert (await eva.get("/more-time")).text.count(WHY) == 1
        assert (await eva.get(f"/more-time/{CHECK}/grant")).status_code == 404
        site.clock.jump(CHECK_OPENED.due_at + DAY)
        assert await sends(eva, "grant", "So be it", OTHER) == 409, "what is late stays late"
    assert told(site, DueDateMoved) == []


async def test_auditors_look_and_nobody_else_answers(site: IntakeSite) -> None:
    async with staff(site, "aud") as aud:
        shown = (await aud.get("/more-time")).text
        assert WHY in shown
        assert "/grant" not in shown
        assert await sends(aud, "grant", "So be it") == 403
    async with staff(site, "ina") as ina:
        assert (await ina.get("/more-time")).status_code == 403
    assert told(site, DueDateMoved) == []
