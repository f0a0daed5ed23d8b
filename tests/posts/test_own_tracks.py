"""A member reads what counts for each track, by which events, and what is missing."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from filling import MEMBERS, credited, holder
from nats.aio.client import Client
from promotion_site import PromotionSite, promotion_site
from sqlalchemy import Engine

from services.promotion.domain.member import CreditReport, EndGrace, NoteRefutation
from services.promotion.domain.track import Track
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.testing.examples import REFUTATION_NOTED, REPORT_CREDITED, ROXBURY, varied

A = MEMBERS[0]
FIRST = Track("first", 1, "First steps", 2, 1, 1, 0.3, grace_days=1)
THEN = Track("then", 2, "Inspector", 3, 1, 3, 0.25, confirmers=2, most_per_day=1, after=("first",))


@pytest.fixture
async def site(nats: Client, database: Engine) -> AsyncIterator[PromotionSite]:
    async with promotion_site(nats, database, tracks=(FIRST, THEN)) as running:
        yield running


async def gave(handler: CommandHandler, command: object, name: str) -> None:
    await handler.carry_out(Envelope(command, id=name, correlation_id=name))


async def test_what_counts_and_what_is_missing_is_told_for_each_track(
    site: PromotionSite,
) -> None:
    await credited(site, A, days=1)
    day = REPORT_CREDITED.on.replace(day=1)
    again = varied(REPORT_CREDITED, member_id=A, report_id="e" * 32, place=ROXBURY, on=day)
    await gave(site.handler, CreditReport(again), "again")
    async with holder(site, A) as anna:
        page = (await anna.browser.get(f"/me/tracks?slip={anna.slip}")).text
        first, then = page.split("<h2>")[1:]
        assert "You are qualified on it." in first
        assert "missing</th>" in first
        assert "is missing</td>" not in first
        assert "You are not qualified on it." in then
        assert "2 are missing" in then, "days"
        assert "1 is missing" in then, "another confirmer"
        assert "First you have to qualify on" not in then
        one = (await anna.browser.get(f"/me/tracks/then?slip={anna.slip}")).text
        assert one.count("confirmed report<") == 2
        assert one.count("is one too many of its day") == 1
        assert one.count(">counts<") == 1
        assert "PROMOTION/1" in one
        assert "Roxbury" in one
        assert A not in page + one


async def test_what_ended_and_what_was_refuted_is_told(site: PromotionSite) -> None:
    await credited(site, A, days=3)  # two of one day are one report
    day = REPORT_CREDITED.on.replace(day=20)
    for number in range(2):
        noted = varied(REFUTATION_NOTED, member_id=A, report_id=f"f{number:031x}", on=day)
        await gave(site.handler, NoteRefutation(noted), noted.report_id)
    await gave(site.handler, EndGrace(A, day + timedelta(days=3)), "grace")
    async with holder(site, A) as anna:
        one = (await anna.browser.get(f"/me/tracks/first?slip={anna.slip}")).text
        assert "when it lapsed." in one
        assert "too many were refuted" in one
        assert one.count("counts against you") == 2
        then = (await anna.browser.get(f"/me/tracks/then?slip={anna.slip}")).text
        assert "First you have to qualify on: First steps" in then


async def test_without_a_slip_nobody_is_anybody(site: PromotionSite) -> None:
    await credited(site, A, days=2)
    async with holder(site, A) as anna, holder(site, MEMBERS[1]) as bea:
        assert "only your reports say" in (await anna.browser.get("/me/tracks")).text
        theirs = await bea.browser.get(f"/me/tracks?slip={anna.slip}")
        assert "only your reports say" in theirs.text
        assert (await anna.browser.get("/me/tracks/first")).status_code == 403
        unknown = await anna.browser.get(f"/me/tracks/moon?slip={anna.slip}")
        assert unknown.status_code == 404
        nothing = (await bea.browser.get(f"/me/tracks/first?slip={bea.slip}")).text
        assert "Nothing of yours was confirmed or refuted yet." in nothing
        assert "2 are missing" in nothing
