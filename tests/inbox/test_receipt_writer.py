"""Receipts and the position that they prove are one append, which only one writer can make."""

import pytest
from nats.aio.client import Client
from upstream import read_stream

from shared.contracts.receipt import Accepted
from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.inbox.receipts import THROUGH, ReceiptWriter
from shared.eventsourcing.jetstream.append import Publisher


def writer(client: Client, source: str = "boston") -> ReceiptWriter:
    return ReceiptWriter(client, Publisher(client), source, "INTAKE")


def accepted(number: int) -> Accepted:
    return Accepted(
        ce_id=str(number),
        inbox_sequence=number,
        kind="report.submitted",
        id="f" * 32,
        sequence=0,
        duplicate=False,
    )


async def test_of_two_that_began_at_the_same_place_only_one_writes(nats: Client) -> None:
    """The lease says who works; this is what holds if the lease should ever fail."""
    one, two = writer(nats), writer(nats)
    assert [await each.begin() for each in (one, two)] == [0, 0]
    await one.write([accepted(1)], [], through=1)
    with pytest.raises(ConcurrencyError):
        await two.write([accepted(1)], [], through=1)
    assert (one.through, two.through) == (1, 0)
    assert await two.begin() == 1
    await two.write([accepted(2)], [], through=2)
    with pytest.raises(ConcurrencyError):
        await one.write([accepted(2)], [], through=2)
    found = await read_stream(nats, "RECEIPTS")
    assert [message.headers[THROUGH] for message in found] == ["1", "2"]


async def test_a_receipt_for_what_was_redriven_moves_nothing_and_is_written_once(
    nats: Client,
) -> None:
    one, two = writer(nats), writer(nats)
    await one.begin()
    await one.write([], [], through=5)
    for each in (one, two, one):
        await each.write_redriven(accepted(3))
    assert len(await read_stream(nats, "RECEIPTS")) == 2
    assert await writer(nats).begin() == await two.has_come_to() == 5
    await one.write([accepted(6)], [], through=6)
    assert await two.has_come_to() == 6
    assert two.through == 0, "what it writes with is where it was"


async def test_sources_have_positions_of_their_own(nats: Client) -> None:
    boston, chicago = writer(nats), writer(nats, "chicago")
    await boston.begin()
    await boston.write([accepted(1)], [], through=1)
    assert await chicago.begin() == 0
    await chicago.write([accepted(1)], [], through=7)
    assert (await writer(nats).begin(), await writer(nats, "chicago").begin()) == (1, 7)
