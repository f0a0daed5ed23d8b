"""`GET /requests` of Open311, clause by clause: what is public already, by days, and no more."""

from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from public_site import NOW, PublicSite, another_report
from spoken311 import FORMATS, MEDIA, values, wrong

from shared.contracts import public
from shared.contracts.request_token import digest_of, written
from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_CHECK_WORDS_PASSED,
    PUBLIC_DONE_CLAIMED,
    PUBLIC_MEMBER_QUALIFIED,
    PUBLIC_OVERDUE_WITHDRAWN,
    PUBLIC_REPORT_CONFIRMED,
    PUBLIC_REPORT_FILED,
    PUBLIC_WITHDRAWN,
    varied,
)

BOTH = pytest.mark.parametrize("form", FORMATS)
HERE = "/open311/v2/requests"
REPORT, CHECK = PUBLIC_REPORT_FILED.report, PUBLIC_CHECK_OPENED.check
FILED_ON = "2030-01-07T00:00:00Z"
FIELDS = {
    *("service_request_id", "status", "status_notes", "service_name", "service_code"),
    *("description", "agency_responsible", "service_notice", "requested_datetime"),
    *("updated_datetime", "expected_datetime", "address", "address_id", "zipcode", "lat", "long"),
    "media_url",
}


async def ids(client: httpx.AsyncClient, form: str = "json", **asked: Any) -> list[str]:
    answer = await client.get(f"{HERE}.{form}", params=asked)
    assert answer.status_code == 200, answer.text
    return [each["service_request_id"] for each in values(answer)]


def on(day: int) -> public.ReportFiled:
    """So many days before now."""
    return another_report(on=NOW.date() - timedelta(days=day))  # type: ignore[return-value]


@BOTH
async def test_a_report(site: PublicSite, client: httpx.AsyncClient, form: str) -> None:
    await site.hears(PUBLIC_REPORT_FILED, PUBLIC_MEMBER_QUALIFIED)
    answer = await client.get(f"{HERE}.{form}")
    assert answer.headers["content-type"] == MEDIA[form]
    (told,) = values(answer)
    assert told.keys() == FIELDS
    assert {name: value for name, value in told.items() if value} == {
        "service_request_id": REPORT,
        "status": "open",
        "service_name": "Street Lights",
        "service_code": "street-lights",
        "requested_datetime": FILED_ON,
        "updated_datetime": FILED_ON,
        "address": "Roxbury",
        "address_id": "us.ma.boston.roxbury",
    }
    assert values(await client.get(f"{HERE}/{REPORT}.{form}")) == [told]
    await site.hears(varied(PUBLIC_REPORT_CONFIRMED, on=date(2030, 1, 9)))
    (told,) = values(await client.get(f"{HERE}/{REPORT}.{form}"))
    assert (told["status"], told["status_notes"]) == ("closed", "confirmed")
    assert told["updated_datetime"] == "2030-01-09T00:00:00Z"


async def test_a_point_as_the_gate_let_it_out(site: PublicSite, client: httpx.AsyncClient) -> None:
    await site.hears(varied(PUBLIC_REPORT_FILED, latitude=42.272, longitude=-71.0))
    (told,) = (await client.get(f"{HERE}.json")).json()
    assert (told["lat"], told["long"]) == (42.272, -71.0)
    (told,) = values(await client.get(f"{HERE}.xml"))
    assert (told["lat"], told["long"]) == ("42.272", "-71.0")
    await site.hears(varied(PUBLIC_WITHDRAWN, what="report", id=REPORT))
    wrong(await client.get(f"{HERE}/{REPORT}.json"), 404)


@BOTH
async def test_a_check_says_who_and_by_when(
    site: PublicSite, client: httpx.AsyncClient, form: str
) -> None:
    await site.hears(PUBLIC_REPORT_FILED, PUBLIC_CHECK_OPENED)
    assert await ids(client, form) == [REPORT], "what was promised is no second request"
    await site.hears(PUBLIC_CHECK_OVERDUE)
    (told,) = values(await client.get(f"{HERE}.{form}?about=checks"))
    assert told["service_request_id"] == CHECK
    assert (told["status"], told["status_notes"]) == ("open", "overdue")
    assert told["agency_responsible"] == PUBLIC_CHECK_OPENED.owner
    assert told["expected_datetime"] == f"{PUBLIC_CHECK_OPENED.due_on}T00:00:00Z"
    assert told["description"] == PUBLIC_CHECK_OVERDUE.task
    await site.hears(PUBLIC_DONE_CLAIMED)
    (told,) = values(await client.get(f"{HERE}/{CHECK}.{form}"))
    assert (told["status"], told["status_notes"]) == ("closed", "done")
    assert told["updated_datetime"] == f"{PUBLIC_DONE_CLAIMED.done_on}T00:00:00Z"


async def test_words_that_wait_for_an_editor_are_not_told(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    await site.hears(
        varied(PUBLIC_CHECK_OPENED, owner=None),
        varied(PUBLIC_CHECK_OVERDUE, owner=None, task=None),
    )
    ((told,)) = (await client.get(f"{HERE}/{CHECK}.json")).json()
    assert (told["agency_responsible"], told["description"]) == (None, None)
    await site.hears(PUBLIC_CHECK_WORDS_PASSED)
    ((told,)) = (await client.get(f"{HERE}/{CHECK}.json")).json()
    assert told["agency_responsible"] == PUBLIC_CHECK_WORDS_PASSED.owner
    assert told["description"] == PUBLIC_CHECK_WORDS_PASSED.task
    await site.hears(PUBLIC_OVERDUE_WITHDRAWN)
    ((told,)) = (await client.get(f"{HERE}/{CHECK}.json")).json()
    assert (told["status"], told["status_notes"]) == ("closed", "done")


EXTENDED = {"about": "report", "outcome": "confirmed", "corroborated": "0"}


@BOTH
async def test_extensions(site: PublicSite, client: httpx.AsyncClient, form: str) -> None:
    await site.hears(PUBLIC_REPORT_FILED, varied(PUBLIC_REPORT_CONFIRMED, on=date(2030, 1, 9)))
    for asked in ("", "?extensions=false"):
        (told,) = values(await client.get(f"{HERE}.{form}{asked}"))
        assert told.keys() == FIELDS
    for path in ("", f"/{REPORT}"):
        (told,) = values(await client.get(f"{HERE}{path}.{form}?extensions=true"))
        assert told.keys() == FIELDS | {"extended_attributes", "notes"}
        assert told["extended_attributes"] == EXTENDED
        assert told["notes"] == [
            {"datetime": FILED_ON, "description": "A report was filed.", "type": "opened"},
            {
                "datetime": "2030-01-09T00:00:00Z",
                "description": "It was confirmed.",
                "type": "closed",
            },
        ]


async def test_what_is_withdrawn_is_nowhere(site: PublicSite, client: httpx.AsyncClient) -> None:
    token = written("7" * 32, "chicago")
    told = varied(PUBLIC_REPORT_FILED, token=digest_of(token))
    await site.hears(told, varied(PUBLIC_WITHDRAWN, what="report", id=REPORT), told)
    assert await ids(client) == []
    assert await ids(client, service_request_id=REPORT) == []
    wrong(await client.get(f"{HERE}/{REPORT}.json"), 404)
    wrong(await client.get(f"/open311/v2/tokens/{token}.json"), 404)


async def test_an_outcome_under_an_id_of_its_own_is_no_request(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    """As of what was released with others: nobody learns here which report it is of."""
    await site.hears(varied(PUBLIC_REPORT_CONFIRMED, report="e" * 32), PUBLIC_REPORT_FILED)
    assert await ids(client) == [REPORT]
    assert await ids(client, status="closed") == []
    wrong(await client.get(f"{HERE}/{'e' * 32}.json"), 404)


@BOTH
async def test_what_came_of_requests_can_be_pulled(
    site: PublicSite, client: httpx.AsyncClient, form: str
) -> None:
    confirmed = varied(PUBLIC_REPORT_CONFIRMED, on=NOW.date() - timedelta(days=2))
    await site.hears(PUBLIC_REPORT_FILED, on(3), PUBLIC_CHECK_OPENED, PUBLIC_DONE_CLAIMED)
    address = "/open311/v2/servicerequestupdates"
    assert values(await client.get(f"{address}.{form}"), "service_request_updates") == []
    await site.hears(confirmed)

    async def pulled(**asked: str) -> list[dict[str, str]]:
        answer = await client.get(f"{address}.{form}", params=asked)
        found: list[dict[str, str]] = values(answer, "service_request_updates")
        return found

    (told,) = await pulled()
    assert told == {
        "update_id": f"{REPORT}-closed-2030-02-14-confirmed",
        "service_request_id": REPORT,
        "status": "closed",
        "updated_datetime": f"{confirmed.on}T00:00:00Z",
        "description": "confirmed",
        "media_url": "",
    }
    assert await pulled(service_request_id=f"{REPORT},{'0' * 32}") == [told]
    assert await pulled(start_date=f"{NOW.date()}T00:00:00Z") == []
    assert await pulled(service_code="graffiti") == []
    wrong(await client.get(f"{address}.{form}", params={"start_date": "yesterday"}), 400)
    await site.hears(varied(PUBLIC_WITHDRAWN, what="report", id=REPORT))
    assert await pulled() == [], "what is withdrawn is not found"


@BOTH
async def test_a_token_leads_to_its_request(
    site: PublicSite, client: httpx.AsyncClient, form: str
) -> None:
    token = written("7" * 32, "chicago")
    wrong(await client.get(f"/open311/v2/tokens/{token}.{form}"), 404)
    await site.hears(PUBLIC_REPORT_FILED, another_report(token=digest_of(token), on=NOW.date()))
    (told,) = values(await client.get(f"/open311/v2/tokens/{token}.{form}"))
    assert told.keys() == {"service_request_id", "token"}
    assert told["token"] == token
    assert await ids(client, service_request_id=told["service_request_id"])
    for other in ("", "7" * 40, digest_of(token), token.upper()):
        wrong(await client.get(f"/open311/v2/tokens/{other or 'x'}.{form}"), 404)


async def test_ids_set_aside_all_else(site: PublicSite, client: httpx.AsyncClient) -> None:
    old = on(400)
    await site.hears(PUBLIC_REPORT_FILED, PUBLIC_CHECK_OPENED, old, on(3))
    asked = f"{REPORT}, {old.report},{CHECK},unheard-of,{'0' * 31}f"
    found = await ids(client, service_request_id=asked, status="closed", service_code="no-such")
    assert found == sorted((REPORT, CHECK, old.report))
    many = ",".join(f"{number:032}" for number in range(101))
    wrong(await client.get(f"{HERE}.xml", params={"service_request_id": many}), 400)


async def test_codes_of_services(site: PublicSite, client: httpx.AsyncClient) -> None:
    trees, any_sector = varied(on(1), sector="trees"), varied(on(2), sector=None)
    await site.hears(trees, any_sector, PUBLIC_REPORT_FILED)
    assert await ids(client, service_code="trees") == [trees.report]
    assert await ids(client, service_code="trees,street-lights") == [trees.report, REPORT]
    assert await ids(client, service_code="parking") == []
    ((told,)) = (await client.get(f"{HERE}/{any_sector.report}.json")).json()
    assert (told["service_code"], told["service_name"]) == (None, None)
    ((told,)) = (await client.get(f"{HERE}/{trees.report}.json")).json()
    assert told["service_name"] == "trees", "the charter has it no more"


async def test_status(site: PublicSite, client: httpx.AsyncClient) -> None:
    other = on(1)
    await site.hears(PUBLIC_REPORT_FILED, PUBLIC_REPORT_CONFIRMED, other)
    assert await ids(client, status="open") == [other.report]
    assert await ids(client, status="closed") == [REPORT]
    assert await ids(client, status="open,closed") == [other.report, REPORT]
    assert await ids(client, status="") == [other.report, REPORT]


async def test_jurisdictions_are_places(site: PublicSite, client: httpx.AsyncClient) -> None:
    salem = another_report(place="us.ma.salem", on=NOW.date())
    await site.hears(PUBLIC_REPORT_FILED, salem)
    assert await ids(client, jurisdiction_id="us.ma.boston") == [REPORT]
    assert len(await ids(client, jurisdiction_id="us.ma")) == 2
    assert len(await ids(client, jurisdiction_id="everywhere")) == 2
    for path in (f"{HERE}.json", f"{HERE}/{REPORT}.xml"):
        (words,) = wrong(await client.get(path, params={"jurisdiction_id": "atlantis"}), 404)
        assert "atlantis" not in words


async def test_ninety_days_unless_it_is_said_otherwise(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    new, last, old, older = (on(days) for days in (0, 90, 91, 181))
    await site.hears(new, last, old, older)
    assert await ids(client) == [new.report, last.report]
    end = (NOW - timedelta(days=91)).isoformat()
    assert await ids(client, end_date=end) == [old.report, older.report]
    start = (NOW - timedelta(days=180)).isoformat()
    assert await ids(client, start_date=start) == [last.report, old.report]
    assert await ids(client, start_date=start, end_date=end) == [old.report]
    zone = f"{(NOW - timedelta(days=91)).date()}T23:30:00-01:00"
    assert await ids(client, start_date=zone) == [new.report, last.report], "a day later in UTC"
    unescaped = (NOW - timedelta(days=91)).isoformat()
    answer = await client.get(f"{HERE}.json?end_date={unescaped}&start_date={unescaped}")
    assert [each["service_request_id"] for each in answer.json()] == [old.report]


async def test_pages(site: PublicSite, client: httpx.AsyncClient) -> None:
    """Newest days first; within one by ids, that tell nothing."""
    filed = [on(day) for day in (0, 0, 0, 1, 2)]
    await site.hears(*reversed(filed))
    expected = [*sorted((each.report for each in filed[:3]), reverse=True)]
    expected += [each.report for each in filed[3:]]
    assert await ids(client) == expected
    pages = [await ids(client, page=page, page_size=2) for page in (1, 2, 3, 4)]
    assert pages == [expected[:2], expected[2:4], expected[4:], []]
    assert await ids(client, page=1) == expected
    assert await ids(client, page_size=3) == expected[:3]


async def test_a_thousand_at_most(site: PublicSite, client: httpx.AsyncClient) -> None:
    await site.hears(*(on(3) for _ in range(1_010)))
    assert len(await ids(client)) == 1_000
    assert len(await ids(client, page=1)) == 50
    assert len(await ids(client, page=2, page_size=1_000)) == 10


@BOTH
@pytest.mark.parametrize(
    "asked",
    [
        {"status": "done"},
        {"start_date": "yesterday"},
        {"start_date": "2030-01-07T00:00:00"},
        {"end_date": "0001-01-01T00:00:00+14:00"},
        {"start_date": "2030-01-01T00:00:00Z", "end_date": "2030-04-02T00:00:00Z"},
        {"start_date": "2030-01-02T00:00:00Z", "end_date": "2030-01-01T00:00:00Z"},
        {"page": "0"},
        {"page": "-1"},
        {"page": "²"},
        {"page_size": "1001"},
        {"page": "2001"},
        {"about": "people"},
        {"service_code": "Trees"},
    ],
)
async def test_wrong_filters(client: httpx.AsyncClient, form: str, asked: dict[str, str]) -> None:
    assert len(wrong(await client.get(f"{HERE}.{form}", params=asked), 400)) == 1


@BOTH
async def test_other_addresses(client: httpx.AsyncClient, form: str) -> None:
    wrong(await client.get(f"{HERE}/1.{form}"), 404)
    wrong(await client.get(f"/open311/v2/services.{form}"), 404)
    wrong(await client.get(f"{HERE}.{form}?page=1&page=2"), 400)
    wrong(await client.post(f"{HERE}.{form}", data={"api_key": "x"}), 405)
    wrong(await client.get(f"{HERE}.{form}.html"), 404)


@BOTH
async def test_while_the_database_is_away(
    site: PublicSite, client: httpx.AsyncClient, form: str
) -> None:
    site.source.away = True
    answer = await client.get(f"{HERE}.{form}")
    wrong(answer, 503)
    assert answer.headers["retry-after"]
