"""What a source calls its messages stands in receipts; inside there are digests, which only our key
makes, and what was taken in before there were any stays done."""

import asyncio
from datetime import datetime

import pytest
from crashing import Crashing
from nats.aio.client import Client
from upstream import (
    RESOLVED,
    WITHIN_S,
    answers,
    headers,
    inbox,
    read_stream,
    running,
    send,
    submitted,
)

from services.intake.domain import check, report
from shared.contracts.identity import aggregate_id, command_id, event_id
from shared.eventsourcing.digests import Digests
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.inbox.digest_key import hold
from shared.eventsourcing.inbox.parse import Upstream
from shared.eventsourcing.inbox.serve import Inbox
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.reader import Message
from shared.testing.examples import DIGESTS, MONDAY

CONFIRMED = b'{"report": "1", "outcome": "confirmed", "resolved_at": "2030-01-08T12:00:00Z"}'


def of_before(client: Client, *, dies: bool = False) -> Inbox:
    """Takes in as versions did that knew no digests."""
    commands = Crashing(
        JetStreamEventStore(client), (report.category, check.category), lambda: MONDAY
    )
    commands.crashes = int(dies)
    box = inbox(client, commands)
    box._receipts._key = ""

    def envelope(message: Message, upstream: Upstream, command: object, at: datetime) -> Envelope:
        said = upstream.ce_id
        cause = f"{box.stream}/{message.sequence}"
        id_ = command_id("inbox", "boston", said)
        return Envelope(command, id_, upstream.correlation_id, said, cause, at)

    box._preparation._envelope = envelope  # type: ignore[method-assign]
    return box


async def test_events_carry_digests_of_what_receipts_name(nats: Client) -> None:
    alone, (more, body) = submitted(1, ce_id="+1 617 555 0101"), submitted(2, ce_id="b")
    await send(nats, alone, (more | {"ce-correlationid": "+1 617 555 0102"}, body))
    async with running(inbox(nats)) as box:
        found = await answers(nats, box)
    assert [found.accepted[n].ce_id for n in (1, 2)] == ["+1 617 555 0101", "b"]
    first, second = [message.headers for message in await read_stream(nats, "INTAKE")]
    known_as = DIGESTS.of("inbox", "boston", "+1 617 555 0101")
    assert first["ce-correlationid"] == first["ce-causationid"] == known_as
    assert second["ce-causationid"] == DIGESTS.of("inbox", "boston", "b")
    assert second["ce-correlationid"] == DIGESTS.of("inbox", "boston", "+1 617 555 0102")
    assert first["ce-id"] == event_id(found.accepted[1].id, known_as, 0), "nobody can try numbers"


def test_a_digest_must_never_become_another_one() -> None:
    """Written down here, so that no change of the code goes along with one of the test."""
    assert DIGESTS.of("inbox", "boston", "a") == "2ab1b52f878c728437962626e2921b59"
    assert DIGESTS.fingerprint == "30266ae77e700375"
    others = {Digests(b"another").of("inbox", "boston", "a"), DIGESTS.of("inbox", "chicago", "a")}
    assert len(others | {DIGESTS.of("inbox", "boston", "a")}) == 3


@pytest.mark.parametrize("receipts", ["written", "not written"])
async def test_what_an_older_version_took_in_is_done(nats: Client, receipts: str) -> None:
    """Its events have plain ids. Also those of a batch that it died over, before the receipts."""
    confirmed = (headers("c", "report.resolved"), CONFIRMED)
    await send(nats, submitted(1), submitted(2))
    await send(nats, confirmed, subject=RESOLVED)
    old = of_before(nats, dies=receipts == "not written")
    if receipts == "written":
        async with running(old) as box:
            await answers(nats, box)
    else:
        (failure,) = await asyncio.gather(
            asyncio.wait_for(old.run(), WITHIN_S), return_exceptions=True
        )
        assert isinstance(failure, ConnectionResetError)
    before = await read_stream(nats, "INTAKE")
    plain = event_id(aggregate_id("report", "boston", "1"), "9e15cbe36b2251b983fbe8625edc8254", 0)
    assert plain == before[0].headers["ce-id"]
    await send(nats, submitted(1), submitted(2))
    await send(nats, confirmed, subject=RESOLVED)
    for _ in ("the upgrade", "a restart"):
        async with running(inbox(nats)) as box:
            await send(nats, submitted(1), submitted(3))
            found = await answers(nats, box)
    assert found.is_complete(10)
    again = {number: (a.sequence, a.duplicate) for number, a in found.accepted.items()}
    assert again == {
        1: (1, False),
        2: (2, False),
        3: (3, False),
        4: (1, True),
        5: (2, True),
        6: (3, True),
        7: (1, True),
        9: (1, True),
        8: (4, False),
        10: (4, True),
    }
    after = await read_stream(nats, "INTAKE")
    assert [each.headers["ce-id"] for each in after[:3]] == [m.headers["ce-id"] for m in before]
    assert len(after) == 4


async def test_under_another_key_nothing_is_taken_in(nats: Client) -> None:
    """Nothing would be known again, for all ids would be others."""
    await send(nats, submitted(1), submitted(2))
    async with running(inbox(nats)) as box:
        await answers(nats, box)
    await send(nats, submitted(3))
    key = Digests(b"another key")
    other = inbox(nats, digests=key)
    for refuses in (lambda: hold(nats, "intake", ["boston"], key.fingerprint), other.run):
        with pytest.raises(LogDamagedError, match="redo inbox-boston --from 3` goes on") as refusal:
            await asyncio.wait_for(refuses(), WITHIN_S)
    for secret in ("another key", "a key for tests"):
        assert secret not in str(refusal.value)
    assert len(await read_stream(nats, "INTAKE")) == 2
    async with running(inbox(nats)) as box:
        assert (await answers(nats, box)).is_complete(3)
