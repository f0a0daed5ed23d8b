"""Who rises, as placers see it and nobody else; the rows say what the log says."""

import csv
import io
from datetime import timedelta

import httpx
from filling import MEMBERS, credited, holder
from promotion_site import PromotionSite
from sqlalchemy import Engine
from visiting import joined, until_shown

from services.promotion.domain.rising import rising
from services.promotion.projections import workdays
from services.promotion.workdays import RECENT_DAYS, Workday, span
from shared.contracts.event import Event
from shared.eventsourcing.projections.prepare import prepare
from shared.testing.examples import (
    DORCHESTER,
    FINDING_CREDITED,
    GRAFFITI,
    MEMBER_ID,
    OUTCOME_TAKEN_BACK,
    REFUTATION_NOTED,
    REPORT_CREDITED,
    ROXBURY,
    STREET_LIGHTS,
    recorded,
    varied,
)
from shared.testing.projection_spec import ProjectionSpec

A, B = MEMBERS[:2]
OPEN = {"confidential": False}
CREDITED = varied(REPORT_CREDITED, **OPEN)
BACK = varied(
    OUTCOME_TAKEN_BACK,
    **OPEN,
    outcome="confirmed",
    place=CREDITED.place,
    sector=CREDITED.sector,
    on=CREDITED.on,
    confirmer=CREDITED.confirmer,
)


async def test_a_placer_reads_who_rises_and_why(
    site: PromotionSite, placer: httpx.AsyncClient
) -> None:
    await credited(site, A, days=21)
    await credited(site, B, days=4)  # one of them twice
    code = site.posts.code(A)
    page = await until_shown(placer, "/forces", "1, with 3 days together")
    page = page.replace("\u00a0", " ")
    assert "12 days of work that others confirmed, by 1 of them" in page, "as one confirmer may"
    assert "340 % of before: 0 days in the time before" in page
    assert "179 % of others there" in page
    assert "20 days" in page, "where"
    assert code in page
    assert site.posts.code(B) not in page
    assert A not in page
    there = (await placer.get(f"/forces?place={ROXBURY}&sector={STREET_LIGHTS}")).text
    assert code in there
    odd = await placer.get("/forces?place=mars&sector=%00")
    assert odd.status_code == 200
    answer = await placer.get("/forces.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert row == {
        "member": code,
        "sector": STREET_LIGHTS,
        "than_before": "3.400",
        "than_others": "1.789",
        "days": "12",
        "days_before": "0",
        "others": "1",
        "days_of_others": "3",
        "confirmers": "1",
        "findings": "0",
        "refuted": "0",
        "places": f"{ROXBURY}:20",
    }


async def test_nobody_else_sees_it(site: PromotionSite, stranger: httpx.AsyncClient) -> None:
    await credited(site, A, days=20)
    async with holder(site, A) as member, site.client() as auditor:
        await joined(site, auditor, "aud")
        for who in (stranger, member.browser, auditor):
            for path in ("/forces", "/forces.csv"):
                assert site.posts.code(A) not in (await who.get(path)).text


async def test_before_anybody_did_anything_it_says_so(placer: httpx.AsyncClient) -> None:
    assert "Nobody rises there by these figures." in (await placer.get("/forces")).text
    assert len((await placer.get("/forces.csv")).text.splitlines()) == 1


def test_what_is_taken_back_leaves_exactly_the_rows_without_it(database: Engine) -> None:
    spec = ProjectionSpec(workdays.read_model, database)
    (key,) = workdays.keys(BACK)
    other = varied(CREDITED, report_id="f" * 32)
    spec.given(CREDITED, other, BACK).then({"workday": key, "kind": "report", "count": 1})
    spec.given(CREDITED, BACK).then()
    spec.given(varied(CREDITED, confidential=True)).then()


def test_days_are_read_of_a_place_and_all_in_it_and_of_no_longer_than_they_count(
    database: Engine,
) -> None:
    given: list[Event] = [
        CREDITED,
        varied(CREDITED, report_id="a" * 32, place=DORCHESTER, sector=GRAFFITI),
        varied(CREDITED, report_id="b" * 32, place="us.ma.bostonia"),
        varied(CREDITED, report_id="c" * 32, on=CREDITED.on - timedelta(RECENT_DAYS * 4)),
        varied(FINDING_CREDITED, **OPEN, place=ROXBURY, on=CREDITED.on),
        varied(REFUTATION_NOTED, **OPEN, place=ROXBURY, on=CREDITED.on),
    ]
    prepare(database, [workdays.read_model])
    with database.connect() as connection:
        assert workdays.lately(connection, "everywhere") is None
    with database.begin() as connection:
        for sequence, event in enumerate(given, 1):
            workdays.read_model.write(connection, [recorded(event, sequence)])
    with database.connect() as connection:
        found = workdays.lately(connection, "us.ma.boston", "")
        about = workdays.lately(connection, "everywhere", GRAFFITI)
        everything = workdays.lately(connection, "everywhere")
    assert found
    assert about
    assert everything
    assert found[0] == span(CREDITED.on)
    assert sorted(each.kind for each in found[1]) == ["finding", "refuted", "report", "report"]
    assert about[1] == [
        Workday(MEMBER_ID, CREDITED.on, "report", CREDITED.confirmer, GRAFFITI, DORCHESTER)
    ]
    assert len(everything[1]) == 5
    assert rising(everything[1], everything[0]) == []
