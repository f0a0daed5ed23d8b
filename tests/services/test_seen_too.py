"""Who reports what is public already says so instead; and members say that they have seen it."""

import re
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from httpx import AsyncClient
from intake_site import IntakeSite
from nats.aio.client import Client
from own_vault import vault_in
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine
from street import WORDS, Street, hidden, passer_by, street, told

from services.intake.corroborating import STRANGERS_EACH_S, STRANGERS_OF_ONE_EACH_S
from services.intake.domain.course import MOST_WITNESSES, CorroborateReport
from services.intake.domain.report import FileReport
from shared.contracts.report import ReportCorroborated
from shared.eventsourcing.event_store import AggregateKey
from shared.testing.examples import REPORT_FILED, REPORT_ID, recorded, report_id, varied
from shared.web.bucket import Bucket
from shared.web.pace import BURST_S

TOKEN = re.compile(r'name="token" value="([^"]+)"')
OPTION = re.compile(r'<option value="([0-9a-f]{32})">([^<]*)<')
ANN, BEN = "a" * 31 + "1", "b" * 31 + "2"
PUBLIC = varied(REPORT_FILED, text=WORDS)
HELD = varied(REPORT_FILED, report_id=report_id(102), text=WORDS, protected=True)


async def corroborations(here: Street) -> list[ReportCorroborated]:
    events = await here.opened.load(AggregateKey("intake", "report", REPORT_ID))
    return [each.event for each in events if isinstance(each.event, ReportCorroborated)]


async def test_this_is_it_corroborates_instead_of_filing(nats: Client, database: Engine) -> None:
    async with street(nats, database) as here, passer_by(here) as client:
        await here.do(FileReport(PUBLIC), FileReport(HELD))
        here.project([recorded(PUBLIC, 1), recorded(HELD, 2)])
        form = hidden(await client.get("/report")) | told()
        asked = await client.post("/report", data=form)
        assert "Is it one of these?" in asked.text
        ((same, label),) = OPTION.findall(asked.text)
        assert label == "Street lights, Roxbury, 7 Jan 2030"
        assert REPORT_ID not in asked.text, "an inside id is nobody's outside"
        assert hidden(asked) | {"token": ""} == form | {"token": ""}
        assert await here.messages() == 0
        for _twice in range(2):
            answer = await client.post("/report", data=hidden(asked) | {"same": same})
            assert "It is written down" in answer.text
        (event,) = await corroborations(here)
        assert (event.known, event.source) == (False, None)
        assert await here.messages() == 0
        filed = await client.post("/report", data=hidden(asked) | {"same": "none"})
        assert 'id="code"' in filed.text
        assert await here.messages() == 1


async def test_what_nobody_was_shown_is_not_corroborated_by_a_form(
    nats: Client, database: Engine
) -> None:
    async with street(nats, database) as here, passer_by(here) as client:
        await here.do(FileReport(PUBLIC))
        here.project([recorded(PUBLIC, 1)])
        form = hidden(await client.get("/report")) | told()
        answer = await client.post("/report", data=form | {"same": REPORT_ID})
        assert "Is it one of these?" in answer.text
        assert await corroborations(here) == []


@pytest.fixture
async def site(database: Engine, tmp_path: Path) -> IntakeSite:
    found = IntakeSite(database, knowing(), lambda: NOW, vault=vault_in(tmp_path))
    await found.do(FileReport(PUBLIC))
    await found.do(FileReport(HELD))
    return found


async def says(site: IntakeSite, login: str, report: str) -> str:
    async with site.visitor(SIGNER.token(session("member", "", login))) as visitor:
        token = TOKEN.search((await visitor.get("/seen")).text)
        assert token
        fields = {"token": token[1], "report": report}
        answer = await visitor.post("/seen", data=fields)
        return answer.text if answer.status_code != 303 else (await visitor.get("/seen")).text


async def test_each_member_counts_once_and_nobody_for_what_they_hold(site: IntakeSite) -> None:
    assert "It is written down" in await says(site, ANN, "boston/101")
    assert "You said so before." in await says(site, ANN, REPORT_ID)
    assert "No report of this name is public." in await says(site, ANN, HELD.report_id)
    said = [each for each in site.events() if isinstance(each.event, ReportCorroborated)]
    assert [each.event.known for each in said] == [True]
    assert said[0].actor == f"member:witness:{said[0].event.by}"
    assert ANN not in said[0].event.model_dump_json()


async def test_what_is_not_counted_any_more_is_not_told_as_said_before(site: IntakeSite) -> None:
    for number in range(MOST_WITNESSES):
        await site.do(CorroborateReport(REPORT_ID, f"{number:032x}", "boston", NOW))
    assert "As many have said so as are counted" in await says(site, ANN, REPORT_ID)


@pytest.mark.parametrize("nameless", ["", "yes"])
async def test_who_leaves_their_pseudonym_out_is_a_stranger_here_too(
    nats: Client, database: Engine, nameless: str
) -> None:
    async with street(nats, database) as here, passer_by(here) as client:
        await here.do(FileReport(PUBLIC))
        here.project([recorded(PUBLIC, 1)])
        client.cookies["tribune_session"] = SIGNER.token(session("member", "", ANN))
        form = hidden(await client.get("/report")) | told(nameless=nameless)
        asked = await client.post("/report", data=form)
        ((same, _),) = OPTION.findall(asked.text)
        await client.post("/report", data=hidden(asked) | {"same": same})
        (event,) = await corroborations(here)
        assert event.known == (not nameless)


async def test_on_the_form_too_nobody_has_seen_their_own_report(
    nats: Client, database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def of(_: str) -> list[str]:
        return [REPORT_ID]

    async with street(nats, database) as here, passer_by(here) as client:
        await here.do(FileReport(PUBLIC))
        here.project([recorded(PUBLIC, 1)])
        monkeypatch.setattr(here.corroborating, "_holding", SimpleNamespace(of=of))
        client.cookies["tribune_session"] = SIGNER.token(session("member", "", ANN))
        asked = await client.post("/report", data=hidden(await client.get("/report")) | told())
        ((same, _),) = OPTION.findall(asked.text)
        answer = await client.post("/report", data=hidden(asked) | {"same": same})
        assert answer.status_code == 422
        assert "It is your own report." in answer.text
        assert await corroborations(here) == []


async def test_strangers_have_to_wait_where_more_come_than_an_inbox_would_hold(
    nats: Client, database: Engine
) -> None:
    async with street(nats, database) as here, passer_by(here) as client:
        await here.do(FileReport(PUBLIC))
        here.project([recorded(PUBLIC, 1)])
        asked = await client.post("/report", data=hidden(await client.get("/report")) | told())
        ((same, _),) = OPTION.findall(asked.text)
        here.corroborating.pace = Bucket(STRANGERS_EACH_S, lambda: 0.0)
        here.corroborating.paces.each_s = STRANGERS_EACH_S * 2
        statuses = Counter[int]()
        for _ in range(BURST_S * STRANGERS_EACH_S + 3):
            answer = await client.post("/report", data=hidden(asked) | {"same": same})
            statuses[answer.status_code] += 1
        assert statuses == {200: BURST_S * STRANGERS_EACH_S, 503: 3}
        assert "Many are sending something at this moment" in answer.text


async def test_one_stranger_leaves_room_for_others(nats: Client, database: Engine) -> None:
    async with street(nats, database) as here, passer_by(here) as client:
        await here.do(FileReport(PUBLIC))
        here.project([recorded(PUBLIC, 1)])
        asked = await client.post("/report", data=hidden(await client.get("/report")) | told())
        ((same, _),) = OPTION.findall(asked.text)
        here.corroborating.pace = Bucket(STRANGERS_EACH_S, lambda: 0.0)
        here.corroborating.paces.now = lambda: 0.0

        async def says(who: AsyncClient) -> int:
            mine = {"token": hidden(await who.get("/report"))["token"], "same": same}
            return (await who.post("/report", data=hidden(asked) | mine)).status_code

        of_one = BURST_S * STRANGERS_OF_ONE_EACH_S
        assert [await says(client) for _ in range(of_one + 3)] == [200] * of_one + [503] * 3
        async with (
            passer_by(here, "2001:db8:1:2::1") as other,
            passer_by(here, "2001:db8:1:2::9") as of_their_house,
        ):
            assert [await says(other) for _ in range(of_one)] == [200] * of_one
            assert await says(of_their_house) == 503


async def test_whose_report_it_is_is_known_from_what_they_hold(
    site: IntakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def holds(login: str) -> list[str]:
        return [REPORT_ID] if login == BEN else []

    monkeypatch.setattr(site.holding, "of", holds)
    assert "It is your own report." in await says(site, BEN, REPORT_ID)


async def test_the_staff_ask_what_may_be_the_same_and_are_told_no_words(site: IntakeSite) -> None:
    async with site.visitor(SIGNER.token(session(who="ina"))) as ina:
        answer = await ina.get(f"/duplicates?report={REPORT_ID}")
        (found,) = answer.json()["duplicates"]
        assert (found["report"], found["likeness"]) == (HELD.report_id, 100)
        assert WORDS not in answer.text
        where = f"place={PUBLIC.place}&sector={PUBLIC.sector}"
        assert len((await ina.get(f"/duplicates?{where}")).json()["duplicates"]) == 2
        assert (await ina.get("/duplicates?report=x")).status_code == 422
