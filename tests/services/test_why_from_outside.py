"""`tribune why` knows what it is asked for by ids from outside: a source's number, a public id."""

from collections.abc import Sequence

import pytest
from nats.aio.client import Client
from test_learning import KEY, relay, run_until

from deploy.looking.ids import Names
from deploy.looking.reading import messages
from deploy.looking.why import UnknownIdError, explain
from services.publishing.site.words import pseudonym
from shared.contracts.event import Event
from shared.contracts.identity import aggregate_id, keyed
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.testing.examples import (
    MEMBER_QUALIFIED,
    REPORT_CREDITED,
    REPORT_FILED,
    new_event,
    varied,
)

REPORT = aggregate_id("report", "boston", "101000298630")
FILED = varied(REPORT_FILED, report_id=REPORT, source_id="101000298630")
OTHER = varied(REPORT_FILED, report_id=aggregate_id("report", "boston", "7"), source_id="7")
NAMES = Names(("lowell", "boston"), KEY)


async def in_the_log(client: Client, *events: Event) -> None:
    store, known = JetStreamEventStore(client), dict[AggregateKey, int]()
    for event in events:
        key = AggregateKey(event.service, event.aggregate, event.aggregate_id)
        revision = known.get(key, 0)
        await store.append([Append(key, revision, [new_event(event, revision=revision + 1)])])
        known[key] = revision + 1


async def told(client: Client, given: str, names: Names = NAMES) -> Sequence[str]:
    return [
        f"{line.stream}/{line.sequence} {line.what}"
        async for line in explain(client, given, names=names)
        if line.stream in ("INTAKE", "PROMOTION", "PUBLIC")
    ]


async def test_the_number_that_a_source_gave_is_enough(nats: Client) -> None:
    await in_the_log(nats, OTHER, FILED)
    assert await told(nats, "101000298630") == ["INTAKE/2 ReportFiled"]
    with pytest.raises(UnknownIdError):
        await told(nats, "101000298630", Names(("lowell",), KEY))


async def test_from_what_is_public_the_way_leads_inside_for_who_holds_the_key(nats: Client) -> None:
    await in_the_log(nats, OTHER, FILED)
    one = relay(nats)
    await run_until(one, lambda: one.position >= 2)
    _, second = [message async for message in messages(nats, "PUBLIC")]
    both = ["PUBLIC/2 ReportFiled", "INTAKE/2 ReportFiled"]
    assert await told(nats, second.headers["ce-subject"]) == both
    assert await told(nats, f"urn:tribune:event:{second.headers['ce-id']}") == both
    assert await told(nats, "PUBLIC/2") == both
    assert await told(nats, "PUBLIC/2", Names(("boston",), None)) == both[:1]


async def test_a_member_is_found_by_the_name_that_pages_show(nats: Client) -> None:
    await in_the_log(nats, REPORT_CREDITED, MEMBER_QUALIFIED)
    shown = pseudonym(keyed(KEY, "member", MEMBER_QUALIFIED.member_id))
    found = await told(nats, shown)
    assert found[0] == "PROMOTION/2 MemberQualified"
    with pytest.raises(UnknownIdError):
        await told(nats, shown, Names((), b"another key" * 3))
