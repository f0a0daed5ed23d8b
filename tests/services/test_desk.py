"""Inspectors decide at the desk: each act is an event with who did it and why, on what they saw."""

import csv
import io
import re
from html import unescape

import httpx
import pytest
from intake_site import IntakeSite
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine
from visiting import HIDDEN

from services.intake.domain.course import CorroborateReport
from services.intake.domain.files_added import AddFiles
from services.intake.domain.protection import EraseReport
from services.intake.domain.report import FileReport
from services.intake.domain.settlement import CloseReport
from shared.contracts.attachment import Attached
from shared.contracts.check import CheckOpened
from shared.contracts.report import (
    DuplicateClaimed,
    DuplicateParted,
    ReportAnswered,
    ReportClosed,
    ReportConfirmed,
    ReportEvent,
    ReportHalfFixed,
    ReportRefuted,
    ReportReopened,
)
from shared.contracts.sealed import CLOSED
from shared.testing.examples import DAY, MONDAY, REPORT_FILED, REPORT_ID, report_id, varied

OTHER, HIDDEN_ID = report_id(102), report_id(103)
DESK, ONE = "/desk", f"/desk/{REPORT_ID}"
REASON = {"reason": "Seen on the spot"}


@pytest.fixture
async def site(database: Engine) -> IntakeSite:
    """Three reports: one with witnesses, one like it, one that is sealed."""
    site = IntakeSite(database, knowing(), lambda: NOW)
    for number, more in ((101, {}), (102, {"filed_at": MONDAY - DAY}), (103, {})):
        known = {"report_id": report_id(number), "source_id": f"={number}"}
        sealed = {"confidential": True, "text": CLOSED} if number == 103 else {}
        await site.do(FileReport(varied(REPORT_FILED, **known, **more, **sealed)))
    await site.do(CorroborateReport(REPORT_ID, "e" * 32, None, MONDAY))
    return site


def ina(site: IntakeSite) -> httpx.AsyncClient:
    return site.visitor(SIGNER.token(session(who="ina")))  # type: ignore[return-value]


def hidden(page: httpx.Response) -> dict[str, str]:
    return {name: unescape(value) for name, value in HIDDEN.findall(page.text)}


async def does(
    desk: httpx.AsyncClient, act: str, fields: dict[str, str], one: str = ONE
) -> httpx.Response:
    page = await desk.get(f"{one}/{act}")
    return await desk.post(f"{one}/{act}", data=hidden(page) | fields)


def last(site: IntakeSite) -> ReportEvent:
    recorded = site.events()[-1]
    assert re.fullmatch("staff:inspector:[0-9a-f]{32}", recorded.actor)
    event: ReportEvent = recorded.event
    return event


async def test_each_act_is_an_event_with_a_reason_and_what_may_follow_is_offered(
    site: IntakeSite,
) -> None:
    """In an order in which each is possible."""
    story: list[tuple[str, dict[str, str], type[ReportEvent]]] = [
        ("half-fix", REASON, ReportHalfFixed),
        ("confirm", REASON, ReportConfirmed),
        ("reopen", REASON, ReportReopened),
        ("refute", REASON, ReportRefuted),
        ("reopen", REASON, ReportReopened),
        ("close", REASON, ReportClosed),
        ("reopen", REASON, ReportReopened),
        ("merge", REASON | {"original": OTHER}, DuplicateClaimed),
        ("part", REASON, DuplicateParted),
        ("answer", {"answer": "A crew is on its way."}, ReportAnswered),
    ]
    async with ina(site) as desk:
        for act, fields, event_type in story:
            page = await desk.get(ONE)
            assert f"{ONE}/{act}?seen=" in page.text
            empty = await does(desk, act, {})
            assert empty.status_code == 422
            done = await does(desk, act, fields)
            assert (done.status_code, done.headers["location"]) == (303, ONE)
            assert isinstance(last(site), event_type)
            assert getattr(last(site), "reason", REASON["reason"]) == REASON["reason"]
            site.clock.jump(site.clock.now() + DAY / 24)
        page = await desk.get(ONE)
    assert "Ina Lund" in page.text
    assert "A crew is on its way." in page.text
    assert "merge?seen=" in page.text, "it is open again, and something is like it"
    assert (await _gone(site)).status_code == 404


async def _gone(site: IntakeSite) -> httpx.Response:
    async with ina(site) as desk:
        return await desk.get(f"{ONE}/burn")


async def test_a_commitment_is_made_of_it_once(site: IntakeSite) -> None:
    fields = {"owner": "Public Works", "task": "Mend the lamp", "due": "2030-02-01"}
    async with ina(site) as desk:
        page = await desk.get(f"{ONE}/commit")
        form = hidden(page) | fields | {"known_to": "all"}
        for _twice in range(2):
            assert (await desk.post(f"{ONE}/commit", data=form)).status_code == 303
        assert "A commitment, due 1 Feb 2030" in (await desk.get(ONE)).text
        sealed = f"{DESK}/{HIDDEN_ID}"
        await does(desk, "commit", fields | {"known_to": "all"}, sealed)
    opened = [each.event for each in site.events() if isinstance(each.event, CheckOpened)]
    assert [(each.report_id, each.confidential, each.passed) for each in opened] == [
        (REPORT_ID, False, False),
        (HIDDEN_ID, True, False),
    ]
    assert opened[0].due_at.isoformat() == "2030-02-01T23:59:59+00:00"


async def test_no_commitment_is_due_on_a_day_that_is_over(site: IntakeSite) -> None:
    fields = {"owner": "Public Works", "task": "Mend the lamp", "known_to": "all"}
    async with ina(site) as desk:
        yesterday = await does(desk, "commit", fields | {"due": str((MONDAY - DAY).date())})
        assert yesterday.status_code == 422
        assert "This day is over." in yesterday.text
        today = await does(desk, "commit", fields | {"due": str(MONDAY.date())})
        assert today.status_code == 303


async def test_an_act_on_what_has_moved_on_is_refused_with_what_happened(site: IntakeSite) -> None:
    async with ina(site) as desk:
        seen = hidden(await desk.get(f"{ONE}/confirm"))
        await site.do(CloseReport(REPORT_ID, "Out of reach", MONDAY - DAY))
        events = len(site.events())
        refused = await desk.post(f"{ONE}/confirm", data=seen | REASON)
        assert refused.status_code == 409
        assert "Out of reach" in refused.text
        assert "It was closed." in refused.text
        assert "Somebody else has seen it, too." not in refused.text
        assert len(site.events()) == events
        chosen = await desk.get(f"{ONE}/reopen?seen=1")
        assert hidden(chosen)["seen"] == "1", "it is about what they saw when they chose it"
        again = await does(desk, "confirm", REASON)
        assert again.status_code == 409
        assert "Reopen it first." in again.text


@pytest.mark.parametrize("original", [REPORT_ID, "boston/999"])
async def test_nothing_is_merged_with_itself_or_with_what_nobody_filed(
    site: IntakeSite, original: str
) -> None:
    before = len(site.events())
    async with ina(site) as desk:
        answer = await does(desk, "merge", REASON | {"original": original})
    assert answer.status_code in (409, 422)
    assert len(site.events()) == before


async def listed(desk: httpx.AsyncClient, query: str = "") -> list[str]:
    page = await desk.get(f"{DESK}{query}")
    assert page.status_code == 200
    return re.findall(rf'<a href="{DESK}/([0-9a-f]{{32}})" data-row>', page.text)


async def test_the_list_is_cut_as_they_like_and_says_no_words(site: IntakeSite) -> None:
    await site.do(CloseReport(OTHER, "Out of reach", MONDAY))
    newest = sorted((REPORT_ID, HIDDEN_ID), reverse=True)
    async with ina(site) as desk:
        assert await listed(desk) == [*newest, OTHER]
        assert await listed(desk, "?state=closed") == [OTHER]
        assert await listed(desk, "?witnesses=1") == [REPORT_ID]
        assert await listed(desk, "?place=us.ma") == []
        site.clock.jump(MONDAY + DAY / 2)
        assert await listed(desk, "?newer=1") == newest
        assert await listed(desk, "?older=1") == [OTHER]
        assert await listed(desk, "?older=x&newer=-1") == [*newest, OTHER]
        page, table = await desk.get(DESK), await desk.get("/desk.csv?state=filed")
    assert REPORT_FILED.text not in page.text + table.text
    assert table.headers["cache-control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [row["report_id"] for row in rows] == newest
    assert {row["source_id"] for row in rows} == {"'=101", "'=103"}


async def test_it_tells_with_which_reports_files_go(site: IntakeSite) -> None:
    file = Attached("5" * 32, "jpeg", 1)
    for command in (
        AddFiles(REPORT_ID, (file, Attached("6" * 32, "pdf", 1)), MONDAY),
        AddFiles(OTHER, (file,), MONDAY),
        EraseReport(OTHER, "Asked for", MONDAY),
    ):
        await site.do(command)
    async with ina(site) as desk:
        page = (await desk.get(DESK)).text
        some = await listed(desk, "?files=yes")
        assert len(await listed(desk, "?files=some")) == 3, "what is no such filter is none"
        table = list(csv.DictReader(io.StringIO((await desk.get("/desk.csv")).text)))
    assert page.count("2 files") == 1
    assert "1 file<" not in page, "of what is erased nobody sees a file"
    assert some == [REPORT_ID]
    assert {each["report_id"]: each["files"] for each in table}[REPORT_ID] == "2"


async def test_sealed_words_are_nowhere_and_the_way_to_them_is_told(site: IntakeSite) -> None:
    async with ina(site) as desk:
        page = await desk.get(f"{DESK}/{HIDDEN_ID}")
        assert CLOSED not in page.text
        way = f"/openings/ask?report={HIDDEN_ID}"
        assert way in page.text
        assert f'value="{HIDDEN_ID}"' in (await desk.get(way)).text


async def test_an_auditor_looks_and_does_nothing(site: IntakeSite) -> None:
    async with site.visitor(SIGNER.token(session(who="aud"))) as auditor:
        page = await auditor.get(ONE)
        assert page.status_code == 200
        assert "data-act=" not in page.text
        assert (await auditor.get(f"{ONE}/confirm")).status_code == 403
