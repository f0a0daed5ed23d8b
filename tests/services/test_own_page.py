"""A member's report carries their pseudonym, and their page tells them alone what comes of it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from intake_site import FORM, IntakeSite
from nats.aio.client import Client
from own_vault import vault_in
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine
from street import CODE, SOURCE, Street, hidden, passer_by, street, told

from services.intake.domain.beat import AccreditCorrespondent, RestBeat
from services.intake.domain.duplicate import MarkDuplicate, SettleDuplicate
from services.intake.domain.report import ConfirmReport, FileReport
from services.intake.own_beat import own_beat
from shared.contracts.identity import aggregate_id
from shared.contracts.report import ReportFiled
from shared.eventsourcing.event_store import AggregateKey
from shared.runtime.vault.persons import Persons
from shared.testing.examples import (
    BEAT_ACCREDITED,
    DAY,
    DIGESTS,
    MONDAY,
    REPORT_FILED,
    REPORT_ID,
    report_id,
    varied,
)

ANN, BEN = "a" * 31 + "1", "b" * 31 + "2"


@pytest.fixture
async def here(nats: Client, database: Engine) -> AsyncIterator[Street]:
    async with street(nats, database) as here:
        yield here


async def filed(here: Street, login: str = "", **typed: str) -> ReportFiled:
    async with passer_by(here) as client:
        if login:
            token = SIGNER.token(session("member", "", login))
            client.cookies["tribune_session"] = token
        page = await client.get("/report")
        assert ("Without my pseudonym" in page.text) == bool(login)
        answer = await client.post("/report", data=hidden(page) | told(**typed))
        found = CODE.search(answer.text)
        assert found, answer.text
    report = aggregate_id("report", SOURCE, await here.codes.name_of(found[1]))
    event = (await here.opened.load(AggregateKey("intake", "report", report)))[0].event
    assert isinstance(event, ReportFiled)
    return event


async def test_a_members_report_carries_their_pseudonym_and_nobody_elses_does(
    here: Street,
) -> None:
    first, second = await filed(here, ANN), await filed(here, ANN)
    other, nobodys = await filed(here, BEN), await filed(here)
    nameless = await filed(here, ANN, nameless="yes")
    assert first.correspondent == second.correspondent == await here.belonging.person_of(ANN)
    assert other.correspondent not in (None, first.correspondent)
    assert nobodys.correspondent is nameless.correspondent is None
    assert ANN not in first.model_dump_json()
    assert here.belonging.pseudonym(ANN) not in first.model_dump_json(), "nor what the source says"


async def test_whoever_signs_in_after_they_were_shown_the_form_is_nobody_on_it(
    here: Street,
) -> None:
    """It said that nobody asks who they are, and had no tick to say no by."""
    async with passer_by(here) as client:
        page = await client.get("/report")
        assert "Nobody asks who you are" in page.text
        client.cookies["tribune_session"] = SIGNER.token(session("member", "", ANN))
        answer = await client.post("/report", data=hidden(page) | told())
        found = CODE.search(answer.text)
        assert found, answer.text
    report = aggregate_id("report", SOURCE, await here.codes.name_of(found[1]))
    event = (await here.opened.load(AggregateKey("intake", "report", report)))[0].event
    assert isinstance(event, ReportFiled)
    assert event.correspondent is None


@pytest.fixture
async def site(database: Engine, tmp_path: Path) -> AsyncIterator[IntakeSite]:
    vault = vault_in(tmp_path)
    found = IntakeSite(database, knowing(), lambda: NOW, vault=vault)
    yield found
    vault.close()


async def of(site: IntakeSite, login: str) -> str:
    async with site.visitor(SIGNER.token(session("member", "", login))) as visitor:
        return (await visitor.get("/mine")).text


async def test_who_only_looks_is_nobody_yet(site: IntakeSite) -> None:
    page = await of(site, ANN)
    assert "You have no beat." in page
    assert site.belonging.pseudonym(ANN) in page
    assert await site.belonging.person_of(ANN) is None


async def test_beats_reports_and_how_often_they_proved_right_are_shown_to_themselves_alone(
    site: IntakeSite,
) -> None:
    who = Persons(site.vault, DIGESTS).id_of(FORM, site.belonging.pseudonym(ANN))
    assert who
    beat = varied(BEAT_ACCREDITED, correspondent=who)
    await site.do(AccreditCorrespondent(beat))
    await site.do(RestBeat(beat.beat_id, MONDAY.date() + 30 * DAY, None))
    await site.do(FileReport(varied(REPORT_FILED, correspondent=who, protected=True)))
    await site.do(ConfirmReport(REPORT_ID, "We saw it", MONDAY))
    page = await of(site, ANN)
    for words in (
        "Street lights, Roxbury",
        "is expected by",
        "Rest from",
        "1 of 1 settled report confirmed",
    ):
        assert words in page, words
    for hidden_words in (REPORT_FILED.text, "We saw it", who, ANN):
        assert hidden_words not in page
    others = await of(site, BEN)
    assert "You have no beat." in others
    assert "settled report" not in others


async def test_nobody_has_seen_their_own_report_too(site: IntakeSite) -> None:
    who = Persons(site.vault, DIGESTS).id_of(FORM, site.belonging.pseudonym(ANN))
    await site.do(FileReport(varied(REPORT_FILED, correspondent=who)))
    for login, words in ((ANN, "It is your own report."), (BEN, "")):
        async with site.visitor(SIGNER.token(session("member", "", login))) as visitor:
            fields = hidden(await visitor.get("/seen")) | {"report": REPORT_ID}
            answer = await visitor.post("/seen", data=fields)
            assert (answer.status_code, words in answer.text) == (303 if not words else 422, True)


def test_by_which_day_the_next_one_is_expected() -> None:
    monday = MONDAY.date()
    charge = ("us", "street-lights", 7)
    heard = [(monday, monday)]

    def seen(days: int, *rests: tuple[int, int | None]) -> tuple[object, object, bool]:
        of_days = [(monday + a * DAY, None if b is None else monday + b * DAY) for a, b in rests]
        found = own_beat(charge, heard, of_days, (), monday + days * DAY)
        return found.by, found.ran_out_on, found.is_resting

    assert seen(7) == (monday + 7 * DAY, None, False)
    assert seen(8) == (None, monday + 7 * DAY, False)
    assert seen(3, (2, 4)) == (monday + 10 * DAY, None, True)
    assert seen(3, (2, None)) == (None, None, True)


@pytest.mark.parametrize(
    ("head", "is_told"),
    [
        ({"confidential": True}, False),
        ({"protected": True, "confidential": False}, False),
        ({"correspondent": "c" * 32, "protected": True}, False),
        ({"confidential": False, "protected": False}, True),
        ({"protected": True, "own": True}, True),
    ],
)
async def test_nothing_of_others_reports_is_told_where_one_repeats_another(
    site: IntakeSite, head: dict[str, Any], *, is_told: bool
) -> None:
    who = Persons(site.vault, DIGESTS).id_of(FORM, site.belonging.pseudonym(ANN))
    if head.pop("own", False):
        head["correspondent"] = who
    other = varied(REPORT_FILED, report_id=report_id(102), source_id="102", **head)
    await site.do(FileReport(other))
    await site.do(FileReport(varied(REPORT_FILED, correspondent=who, protected=True)))
    await site.do(MarkDuplicate(REPORT_ID, other.report_id, MONDAY))
    assert "said to repeat another" not in await of(site, ANN)
    await site.do(SettleDuplicate(REPORT_ID, other.report_id, MONDAY, other.report_id, 1))
    page = await of(site, ANN)
    assert ("repeats another" in page) == is_told
    assert (">closed" in page) != is_told
