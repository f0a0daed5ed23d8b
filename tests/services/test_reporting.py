"""Anybody reports on the site without saying who they are, and follows it by a code to its end."""

from collections.abc import AsyncIterator

import pytest
from nats.aio.client import Client
from sqlalchemy import Engine
from street import CODE, SOURCE, WORDS, Street, hidden, passer_by, reported, street, told, traced

from services.intake.domain.protection import UnsealReport
from services.intake.domain.report import ConfirmReport
from shared.contracts.identity import aggregate_id
from shared.contracts.report import ReportFiled
from shared.contracts.sealed import CLOSED
from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.testing.examples import CHECK_OPENED, GRAFFITI, MONDAY, recorded, varied


@pytest.fixture
async def here(nats: Client, database: Engine) -> AsyncIterator[Street]:
    async with street(nats, database) as here:
        yield here


async def report_of(here: Street, code: str) -> str:
    return aggregate_id("report", SOURCE, await here.codes.name_of(code))


async def filed(here: Street, code: str, *, sealed: bool = False) -> ReportFiled:
    store = JetStreamEventStore(here.nats) if sealed else here.opened
    key = AggregateKey("intake", "report", await report_of(here, code))
    event = (await store.load(key))[0].event
    assert isinstance(event, ReportFiled)
    return event


async def test_a_report_is_filed_with_nobodys_name_and_its_words_are_sealed(here: Street) -> None:
    async with passer_by(here) as client:
        code = await reported(client)
    event = await filed(here, code)
    assert (event.text, event.correspondent, event.confidential) == (WORDS, None, True)
    assert event.filed_at == MONDAY
    assert (await filed(here, code, sealed=True)).text == CLOSED
    digits = code.replace(" ", "")
    assert digits not in event.model_dump_json(), "the code stands nowhere"


async def test_what_is_open_is_not_confidential(here: Street) -> None:
    async with passer_by(here) as client:
        code = await reported(client, known_to="all")
    assert not (await filed(here, code)).confidential


async def test_a_form_that_is_sent_twice_is_one_report_with_one_code(here: Street) -> None:
    async with passer_by(here) as client:
        form = hidden(await client.get("/report")) | told()
        first = await client.post("/report", data=form)
        second = await client.post("/report", data=form | {"text": "Something else."})
        other = await reported(client)
    codes = [CODE.search(page.text)[1] for page in (first, second)]  # type: ignore[index]
    assert codes[0] == codes[1] != other
    assert "sent before" in second.text
    assert "sent before" not in first.text
    assert (await filed(here, codes[0])).text == WORDS


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"place": ""}, "place"),
        ({"place": "us.ma.nowhere"}, "place"),
        ({"sector": "no-sector"}, "sector"),
        ({"text": " \n "}, "text"),
        ({"text": "x" * 4_001}, "text"),
        ({"text": "bell \x07"}, "text"),
        ({"known_to": "some"}, "known_to"),
        ({"once": "again"}, "once"),
    ],
)
async def test_what_is_missing_is_named_and_what_was_typed_stays(
    here: Street, changes: dict[str, str], field: str
) -> None:
    async with passer_by(here) as client:
        form = hidden(await client.get("/report"))
        typed = told(sector=GRAFFITI, text="On <b>the wall</b>.") | changes
        answer = await client.post("/report", data=form | typed)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    if field != "text":
        assert "On &lt;b&gt;the wall&lt;/b&gt;." in answer.text
    if field != "sector":
        assert f'<option value="{GRAFFITI}" selected>' in answer.text
    assert await here.messages() == 0


async def test_nothing_is_kept_by_a_browser_and_no_address_leads_to_a_code(here: Street) -> None:
    async with passer_by(here) as client:
        page = await client.get("/report")
        answer = await client.post("/report", data=hidden(page) | told())
        for each in (page, answer):
            assert each.headers["Cache-Control"] == "no-store"
        assert answer.status_code == 200, "it leads nowhere else"
        code = CODE.search(answer.text)
        assert code
        trace = await traced(client, code[1])
        assert trace.headers["Cache-Control"] == "no-store"
        assert str(trace.url).endswith("/trace")


async def test_who_has_the_code_sees_what_became_of_it_and_not_what_was_written(
    here: Street,
) -> None:
    async with passer_by(here) as client:
        code = await reported(client)
        report = await report_of(here, code)
        began = await traced(client, code)
        assert "It was received." in began.text
        assert "No commitment yet." in began.text
        await here.do(
            ConfirmReport(report, "We saw it, too.", MONDAY),
            UnsealReport(report, "inspector", "To look for it", MONDAY),
        )
        opened = varied(CHECK_OPENED, report_id=report)
        here.project([recorded(opened, 1)])
        ended = (await traced(client, code.replace(" ", "-"))).text
    for words in ("It was confirmed.", "We saw it, too.", "inspector: 1", "to be done by"):
        assert words in ended
    for hidden_words in (WORDS, "To look for it", report, opened.owner, opened.task):
        assert hidden_words not in ended


@pytest.mark.parametrize("typed", ["", "1234", "1234 5678 9012 345x", "0" * 17, "9" * 100])
async def test_what_is_no_code_is_said_at_once(here: Street, typed: str) -> None:
    async with passer_by(here) as client:
        answer = await traced(client, typed)
    assert answer.status_code == 422
    assert "sixteen digits" in answer.text


async def test_another_code_leads_to_nothing(here: Street) -> None:
    async with passer_by(here) as client:
        code = await reported(client)
        other = f"{(int(code.replace(' ', '')) + 1) % 10**16:016}"
        answer = await traced(client, other)
    assert answer.status_code == 422
    assert "No report has this code." in answer.text


async def test_a_log_that_is_away_costs_nothing_that_was_typed(
    here: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with passer_by(here) as client:
        form = hidden(await client.get("/report")) | told()
        monkeypatch.setattr("shared.eventsourcing.inbox.entry.TRIES_FOR_S", 0.2)
        monkeypatch.setattr(here.entry._publisher, "_try_for", 0.2)
        await here.nats.close()
        answer = await client.post("/report", data=form)
    assert answer.status_code == 503
    assert WORDS in answer.text
    assert "Nothing is lost" in answer.text
    assert f'value="{form["once"]}"' in answer.text, "sent again it is the same report"


async def test_programs_are_told_by_day_what_became_of_it(here: Street) -> None:
    async with passer_by(here) as client:
        code = await reported(client)
        report = await report_of(here, code)
        await here.do(
            ConfirmReport(report, "We saw it, too.", MONDAY),
            UnsealReport(report, "inspector", "To look for it", MONDAY),
        )
        here.project([recorded(varied(CHECK_OPENED, report_id=report), 1)])
        answer = await client.get("/api/trace", headers={"Receipt-Code": code})
    assert answer.headers["Cache-Control"] == "no-store"
    day = MONDAY.date().isoformat()
    assert answer.json() == {
        "place": "us.ma.boston.roxbury",
        "sector": "street-lights",
        "steps": [
            {"what": "received", "day": day, "words": ""},
            {"what": "confirmed", "day": day, "words": "We saw it, too."},
        ],
        "corroborated": 0,
        "attachments": 0,
        "openings": {"inspector": 1},
        "commitments": [{"state": "open", "due": CHECK_OPENED.due_at.date().isoformat()}],
        "said": [],
    }


@pytest.mark.parametrize(("code", "status"), [("1234", 422), ("0" * 16, 404), ("9" * 61, 422)])
async def test_programs_are_told_what_is_no_code(here: Street, code: str, status: int) -> None:
    async with passer_by(here) as client:
        answer = await client.get("/api/trace", headers={"Receipt-Code": code})
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert code not in answer.text
