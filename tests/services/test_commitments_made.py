"""Inspectors and editors write down what the body promised, and what its owner says to be done."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from intake_site import IntakeSite
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine

from services.intake.domain.almanac import Almanac
from services.intake.domain.check import OpenCheck
from services.intake.domain.due import DueRules, Rule
from shared.contracts.check import OF_THE_BODY, CheckOpened, DoneClaimed
from shared.contracts.party import Parties, Party
from shared.contracts.petition import SOURCE
from shared.testing.examples import CHECK_OPENED, MONDAY, ROXBURY, STREET_LIGHTS, varied

MAKE = "/commitments/make"
TOKEN = re.compile(r'name="token" value="([^"]+)"')
ONCE = re.compile(r'name="once" value="([^"]+)"')
PARTIES = Parties((Party("body", "The body", ("We",)), Party("works", "Public Works", ("PWD",))))
TYPED = {
    "owner": "we",
    "task": "Answer within a month",
    "place": ROXBURY,
    "sector": STREET_LIGHTS,
    "due": "2030-02-01",
    "known_to": "all",
}


@pytest.fixture
async def site(database: Engine) -> IntakeSite:
    found = IntakeSite(database, knowing(), lambda: NOW, parties=PARTIES)
    found.clock.jump(MONDAY)
    return found


@asynccontextmanager
async def staff(site: IntakeSite, who: str) -> AsyncIterator[httpx.AsyncClient]:
    async with site.visitor(SIGNER.token(session("staff", who))) as visitor:
        yield visitor


async def sends(site: IntakeSite, who: str, at: str = MAKE, **fields: str) -> httpx.Response:
    """As a browser does that sends the same form twice."""
    async with staff(site, who) as visitor:
        page = (await visitor.get(at)).text
        token, once = TOKEN.search(page), ONCE.search(page)
        data = {"token": token[1] if token else "", "once": once[1] if once else ""} | fields
        first = await visitor.post(at, data=data)
        await visitor.post(at, data=data)
        return first


def told(site: IntakeSite, kind: type) -> list[Any]:
    return [each.event for each in site.events() if isinstance(each.event, kind)]


@pytest.mark.parametrize(("who", "passed"), [("eva", True), ("ina", False)])
async def test_it_is_under_control_and_public_at_once_if_an_editor_writes_it(
    site: IntakeSite, who: str, *, passed: bool
) -> None:
    assert (await sends(site, who, **TYPED)).status_code == 303
    (opened,) = told(site, CheckOpened)
    assert (opened.owner, opened.task) == ("The body", "Answer within a month")
    assert (opened.source, opened.report_id, opened.passed) == (OF_THE_BODY, None, passed)
    assert (opened.opened_at, opened.confidential) == (MONDAY, False)
    assert opened.due_at == datetime(2030, 2, 1, 23, 59, 59, tzinfo=UTC)
    assert opened.reckoning is None
    async with staff(site, who) as visitor:
        assert "Answer within a month" in (await visitor.get("/commitments?owner=We")).text


async def test_without_a_day_a_rule_says_when_and_where_there_is_none_it_is_asked_for(
    site: IntakeSite,
) -> None:
    without = TYPED | {"due": "", "owner": "PWD"}
    answer = await sends(site, "eva", **without)
    assert answer.status_code == 422
    assert "No rule of the charter says by when." in answer.text
    assert told(site, CheckOpened) == []
    site.committing.rules = DueRules([Rule("works", 3, 10, owners=frozenset(("public works",)))])
    assert (await sends(site, "eva", **without)).status_code == 303
    (opened,) = told(site, CheckOpened)
    assert opened.reckoning
    assert (opened.reckoning.rule, opened.reckoning.rule_version) == ("works", 3)
    assert opened.due_at.date() == date(2030, 1, 21)


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("place", "us.zz", "Choose a place from the list."),
        ("sector", "zz", "Choose what it is about."),
        ("due", "2030-01-06", "This day is over."),
        ("due", "soon", "Choose the day by which"),
        ("owner", "", "Say in one line who"),
        ("known_to", "some", "Choose who may know of it."),
    ],
)
async def test_what_is_wrong_is_asked_for_once_more(
    site: IntakeSite, field: str, typed: str, says: str
) -> None:
    answer = await sends(site, "eva", **TYPED | {field: typed})
    assert answer.status_code == 422
    assert says in answer.text
    assert "Answer within a month" in answer.text
    assert told(site, CheckOpened) == []


@pytest.mark.parametrize(
    ("hour", "due", "status"), [(2, "2030-01-06", 303), (12, "2030-01-06", 422)]
)
async def test_a_day_is_over_where_the_commitment_is(
    site: IntakeSite, hour: int, due: str, status: int
) -> None:
    """At two o'clock in the body's zone the day before is not over in Boston yet."""
    site.committing.rules = DueRules(common=Almanac(zone=ZoneInfo("America/New_York")))
    site.clock.jump(MONDAY.replace(hour=hour))
    assert (await sends(site, "eva", **TYPED | {"due": due})).status_code == status
    found = [opened.due_at for opened in told(site, CheckOpened)]
    assert found == [datetime(2030, 1, 7, 4, 59, 59, tzinfo=UTC)][: status == 303]


async def test_what_only_the_body_may_know_stays_with_it(site: IntakeSite) -> None:
    await sends(site, "eva", **TYPED | {"known_to": "body"})
    (opened,) = told(site, CheckOpened)
    assert opened.confidential


async def test_an_owner_without_an_account_tells_the_body_that_it_is_done(
    site: IntakeSite,
) -> None:
    await sends(site, "ina", **TYPED | {"owner": "A neighbour"})
    (opened,) = told(site, CheckOpened)
    at = MONDAY + timedelta(days=2)
    site.clock.jump(at)
    assert (await sends(site, "ina", f"/commitments/{opened.check_id}/done")).status_code == 303
    (claimed,) = told(site, DoneClaimed)
    assert (claimed.owner, claimed.done_at, claimed.late) == ("A neighbour", at, False)
    (by,) = [each.actor for each in site.events() if each.event == claimed]
    assert str(by).startswith("staff:inspector:")


async def test_auditors_look_alone_and_a_petition_is_done_by_its_answer_alone(
    site: IntakeSite,
) -> None:
    check = CHECK_OPENED.check_id
    await site.do(OpenCheck(varied(CHECK_OPENED, source=SOURCE, source_id=check)))
    async with staff(site, "aud") as visitor:
        page = (await visitor.get("/commitments?owner=Public+Works")).text
        assert "Write a commitment down" not in page
        assert "It is done" not in page
        for at in (MAKE, f"/commitments/{check}/done"):
            assert (await visitor.get(at)).status_code == 403
    answer = await sends(site, "eva", f"/commitments/{check}/done")
    assert answer.status_code == 409
    assert told(site, DoneClaimed) == []
    async with staff(site, "eva") as visitor:
        assert (await visitor.get(f"/commitments/{'9' * 32}/done")).status_code == 404
