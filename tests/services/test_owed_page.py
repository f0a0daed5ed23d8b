"""Whoever acts for an owner sees what is to be done, says that it is done, or hands it over."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta

import httpx
import pytest
from intake_site import IntakeSite
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine

from services.intake.domain.check import OpenCheck
from services.intake.site.owed_page import ON_A_PAGE
from shared.contracts.check import DoneClaimed
from shared.contracts.clock import MoreTimeAsked
from shared.contracts.handing_over import CheckHandedOver
from shared.contracts.party import Parties, Party
from shared.testing.examples import CHECK_OPENED, DAY, DIGESTS, MONDAY, varied

ANN, BEN = "a" * 31 + "1", "b" * 31 + "2"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
NUMBER = DIGESTS.of("member who acts for an owner", ANN)
PARTIES = Parties(
    (
        Party("works", "Public Works", ("PWD",), None, frozenset((NUMBER,))),
        Party("parks", "Parks"),
    )
)
CHECK = CHECK_OPENED.check_id
OTHERS, HIDDEN, OLD_NAME = (f"{n:032x}" for n in (1, 2, 3))


@pytest.fixture
async def site(database: Engine) -> IntakeSite:
    found = IntakeSite(database, knowing(), lambda: NOW, parties=PARTIES)
    found.clock.jump(CHECK_OPENED.due_at + DAY)
    for changes in (
        {},
        {"check_id": OTHERS, "owner": "Parks", "task": "Mow the grass"},
        {"check_id": HIDDEN, "confidential": True, "task": "Ask the overseer"},
        {"check_id": OLD_NAME, "owner": "PWD", "task": "Fill the hole", "due_at": MONDAY},
    ):
        await found.do(OpenCheck(varied(CHECK_OPENED, **changes)))
    return found


@asynccontextmanager
async def member(site: IntakeSite, login: str = ANN) -> AsyncIterator[httpx.AsyncClient]:
    async with site.visitor(SIGNER.token(session("member", "", login))) as visitor:
        yield visitor


@asynccontextmanager
async def staff(site: IntakeSite, who: str) -> AsyncIterator[httpx.AsyncClient]:
    async with site.visitor(SIGNER.token(session("staff", who))) as visitor:
        yield visitor


async def sends(visitor: httpx.AsyncClient, address: str, **fields: str) -> httpx.Response:
    found = TOKEN.search((await visitor.get(address)).text)
    return await visitor.post(address, data={"token": found[1] if found else ""} | fields)


async def test_the_owner_sees_its_own_by_due_day_and_nothing_confidential(site: IntakeSite) -> None:
    async with member(site) as visitor:
        page = await visitor.get("/owed")
        assert page.headers["Cache-Control"] == "no-store"
        assert page.text.index("Fill the hole") < page.text.index("Mend the lamp")
        assert "Due on 14 January 2030" in page.text or "14 Jan 2030" in page.text
        assert "Mow the grass" not in page.text
        assert "Ask the overseer" not in page.text
        assert NUMBER in page.text


async def test_who_acts_for_nobody_learns_their_number_and_no_more(site: IntakeSite) -> None:
    async with member(site, BEN) as visitor:
        page = await visitor.get("/owed")
        assert "You act for no owner" in page.text
        assert "Mend the lamp" not in page.text
        assert NUMBER not in page.text
        assert (await visitor.get(f"/owed/{CHECK}/done")).status_code == 403
        assert (await sends(visitor, f"/owed/{CHECK}/done")).status_code == 403


@pytest.mark.parametrize("check", [OTHERS, HIDDEN, "f" * 32])
@pytest.mark.parametrize("act", ["done", "hand-over", "more-time"])
async def test_what_is_not_theirs_is_not_there(site: IntakeSite, check: str, act: str) -> None:
    async with member(site) as visitor:
        assert (await visitor.get(f"/owed/{check}/{act}")).status_code == 404


async def test_it_is_claimed_done_once_also_under_an_older_name(site: IntakeSite) -> None:
    async with member(site) as visitor:
        for check in (CHECK, OLD_NAME):
            for _twice in range(2):
                assert (await sends(visitor, f"/owed/{check}/done")).status_code == 303
        assert "Nothing is to be done" in (await visitor.get("/owed")).text
    claims = [each.event for each in site.events() if isinstance(each.event, DoneClaimed)]
    assert [each.check_id for each in claims] == [CHECK, OLD_NAME]
    assert all(each.late for each in claims)


async def test_it_is_handed_over_to_another_party_with_a_reason(site: IntakeSite) -> None:
    address = f"/owed/{CHECK}/hand-over"
    async with member(site) as visitor:
        assert (await sends(visitor, address, to="Nobody", reason="Why")).status_code == 422
        assert (await sends(visitor, address, to="Parks")).status_code == 422
        assert (await sends(visitor, address, to="PWD", reason="Why")).status_code == 409
        answer = await sends(visitor, address, to="Parks", reason="The lamp is in a park")
        assert answer.status_code == 303
        assert "Mend the lamp" not in (await visitor.get("/owed")).text
        assert (await visitor.get(address)).status_code == 404, "it is theirs no more"
    (event,) = [each.event for each in site.events() if isinstance(each.event, CheckHandedOver)]
    assert (event.owner, event.to, event.due_at) == ("Public Works", "Parks", CHECK_OPENED.due_at)
    assert (event.told, event.explained, event.reason) == (True, True, "The lamp is in a park")
    (actor,) = [each.actor for each in site.events() if each.event is event]
    assert ANN not in str(actor)
    assert NUMBER not in str(actor)


async def test_more_time_is_asked_for_until_a_day_with_a_reason(site: IntakeSite) -> None:
    address = f"/owed/{CHECK}/more-time"
    async with member(site) as visitor:
        late = await sends(visitor, address, until="2030-03-01", reason="No lamps to be had")
        assert late.status_code == 409, "what is late stays late"
        site.clock.jump(MONDAY + DAY)
        early = await sends(visitor, address, until="2030-01-09", reason="No lamps to be had")
        assert early.status_code == 409
        assert (await sends(visitor, address, until="soon", reason="Why")).status_code == 422
        assert (await sends(visitor, address, until="2030-03-01")).status_code == 422
        for _twice in range(2):
            answer = await sends(visitor, address, until="2030-03-01", reason="No lamps to be had")
            assert answer.status_code == 303
    (asked,) = [each.event for each in site.events() if isinstance(each.event, MoreTimeAsked)]
    assert (asked.reason, asked.until.date()) == ("No lamps to be had", date(2030, 3, 1))
    assert asked.due_at == CHECK_OPENED.due_at, "nothing moved"


@pytest.mark.parametrize(
    ("who", "to", "told", "explained"),
    [
        ("ina", "Ana Ruiz", False, False),
        ("ina", "parks", True, False),
        ("eva", "Ana Ruiz", True, True),
    ],
)
async def test_the_staff_hand_over_and_what_no_editor_wrote_waits(
    site: IntakeSite, who: str, to: str, *, told: bool, explained: bool
) -> None:
    async with staff(site, who) as visitor:
        page = (await visitor.get("/commitments?owner=pwd")).text
        assert all(task in page for task in ("Fill the hole", "Mend the lamp", "Ask the overseer"))
        address = f"/commitments/{CHECK}/hand-over"
        answer = await sends(visitor, address, to=to, reason="A new office")
        assert answer.status_code == 303
        again = await sends(visitor, address, to=to, reason="A new office")
        assert again.status_code == 409
    (event,) = [each.event for each in site.events() if isinstance(each.event, CheckHandedOver)]
    assert (event.told, event.explained) == (told, explained)


async def test_auditors_look_and_hand_nothing_over(site: IntakeSite) -> None:
    async with staff(site, "aud") as visitor:
        assert "Hand it over" not in (await visitor.get("/commitments?owner=Parks")).text
        assert (await visitor.get(f"/commitments/{CHECK}/hand-over")).status_code == 403


async def test_what_is_more_than_a_page_goes_on(site: IntakeSite) -> None:
    for number in range(ON_A_PAGE):
        due = CHECK_OPENED.due_at + timedelta(days=number // 3)
        opened = varied(
            CHECK_OPENED, check_id=f"{number + 100:032x}", due_at=due, task=f"No {number}."
        )
        await site.do(OpenCheck(opened))
    async with member(site) as visitor:
        first = (await visitor.get("/owed")).text
        onward = re.search(r'rel="next" href="([^"]+)"', first)
        assert onward
        second = (await visitor.get(onward[1].replace("&amp;", "&"))).text
        assert 'rel="next"' not in second
        for number in range(ON_A_PAGE):
            assert (f"No {number}.<" in first) != (f"No {number}.<" in second)
        for after in ("none", "0001-01-01T00:00:00%2B23:59/x", f"2030-01-01T00:00:00Z/{'%00'}"):
            assert (await visitor.get(f"/owed?after={after}")).status_code == 200
