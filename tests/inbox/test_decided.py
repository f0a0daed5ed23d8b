"""Up to when all that came in is decided: by what waits in the inboxes, and when it came."""

from datetime import UTC, datetime, timedelta

from nats.aio.client import Client
from upstream import answers, headers, inbox, read_stream, running, send, submitted

from shared.eventsourcing.inbox.decided import CLOCKS_AGREE_WITHIN, Decided
from shared.eventsourcing.jetstream.message import stored_at
from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams

SECOND = timedelta(seconds=1)


def now() -> datetime:
    return datetime.now(UTC)


async def came_at(nats: Client) -> datetime:
    """The first message."""
    (first, *_) = await read_stream(nats, "INBOX_BOSTON")
    return datetime.fromtimestamp(stored_at(first), UTC)


async def test_what_waits_holds_up_what_ends_after_it_came(nats: Client) -> None:
    later = timedelta(hours=1)
    decided = Decided(nats, ["boston"], lambda: now() + later)
    await send(nats, submitted(1), submitted(2))
    at = await came_at(nats)
    assert await decided.through(at - SECOND)
    assert not await decided.through(at)
    async with running(inbox(nats)) as box:
        await answers(nats, box)
    assert await decided.through(at)
    assert not await decided.through(now() + later - CLOCKS_AGREE_WITHIN + SECOND)
    await send(nats, submitted(3))
    assert await decided.through(at), "what was decided stays so"
    anew = Decided(nats, ["boston"], lambda: now() + later)
    assert not await anew.through(now() + SECOND)


async def test_no_sender_says_when_its_message_came(nats: Client) -> None:
    said = {"Nats-Time-Stamp": "2999-01-01T00:00:00Z"}
    head, body = submitted(1)
    await send(nats, (head | said, body))
    assert not await Decided(nats, ["boston"], lambda: now() + timedelta(days=1)).through(now())


async def test_of_several_inboxes_the_slowest_tells(nats: Client) -> None:
    """And one in which nothing ever came holds up nobody."""
    sources = {"boston": InboxLimits(max_bytes=2**20), "chicago": InboxLimits(max_bytes=2**20)}
    await declare(nats.jetstream(), suite_streams(sources))
    assert await Decided(nats, ["boston"], now).through(now() - 2 * CLOCKS_AGREE_WITHIN)
    decided = Decided(nats, sources, lambda: now() + timedelta(days=1))
    await send(nats, (headers("c-1"), b"{}"), subject="inbox.chicago.report.submitted")
    assert not await decided.through(now())
