"""Whatever was withdrawn, and how often: each message has one receipt that holds, or is dead."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from nats.aio.client import Client
from upstream import Answered, answers, inbox, read_stream, running, send, submitted

from deploy.upkeep.redo import redo
from shared.contracts.receipt import Receipts
from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.inbox.digest_key import hold, release
from shared.eventsourcing.inbox.parse import Upstream
from shared.eventsourcing.inbox.serve import Inbox
from shared.eventsourcing.jetstream.dead_letters import DeadLetter, dead_letters, remove
from shared.testing.examples import DIGESTS


def breaks_for(box: Inbox, reports: str) -> Inbox:
    """It trips over these."""
    translate = box._preparation._translate

    def breaks(upstream: Upstream, at: datetime) -> object:
        if upstream.data.report in reports:
            raise ZeroDivisionError("ours")
        return translate(upstream, at)

    box._preparation._translate = breaks
    return box


async def taken_in_by_a_broken_one(client: Client) -> Answered:
    """All that it takes in lies in DEAD then."""

    def breaks(*_: object) -> object:
        raise ZeroDivisionError("ours")

    box = inbox(client)
    box._preparation._translate = breaks
    async with running(box):
        return await answers(client, box)


async def redriven(client: Client, number: int) -> DeadLetter:
    """It has its receipt then; who dies before the letter is removed leaves it in DEAD."""
    (letter,) = [each for each in await dead_letters(client) if each.sequence == number]
    assert await inbox(client).redrive(letter.message) is None
    return letter


async def taken_again(client: Client, start: int) -> None:
    await redo(client, "inbox-boston", start)
    await taken_in_by_a_broken_one(client)


async def valid(client: Client) -> Counter[int]:
    """How many receipts each message has that were not withdrawn."""
    found: Counter[int] = Counter()
    for message in await read_stream(client, "RECEIPTS"):
        receipts = Receipts.model_validate_json(message.body)
        behind = receipts.withdrawn_after
        if behind is not None:
            found = Counter({number: n for number, n in found.items() if number <= behind})
        found.update(each.inbox_sequence for each in (*receipts.accepted, *receipts.refused))
    return found


async def test_what_is_taken_in_again_is_known_by_the_same_key(nats: Client) -> None:
    """Another one gave a message that had been accepted a refusal."""
    await send(nats, submitted(1), submitted(2))
    await taken_in_by_a_broken_one(nats)
    await redo(nats, "inbox-boston", 2)
    await release(nats, "intake")  # POSITIONS are lost
    with pytest.raises(LogDamagedError, match="`tribune redo inbox-boston --from 2` goes on"):
        await hold(nats, "intake", ["boston"], "another")
    await hold(nats, "intake", ["boston"], DIGESTS.fingerprint)
    await redo(nats, "inbox-boston", 2)
    await hold(nats, "intake", ["boston"], "another")
    with pytest.raises(LogDamagedError, match="its fingerprint is another"):
        await hold(nats, "intake", ["boston"], DIGESTS.fingerprint)


@pytest.mark.parametrize("dies", [False, True])
@pytest.mark.parametrize("answered_before", [False, True])
async def test_a_message_gets_one_receipt_again_whatever_else_is_withdrawn_later(
    nats: Client, *, answered_before: bool, dies: bool
) -> None:
    """Who redrives it may die before it leaves DEAD; then it is redriven once more."""
    await send(nats, *(submitted(number) for number in (1, 2, 3)))
    assert sorted((await taken_in_by_a_broken_one(nats)).dead) == [1, 2, 3]
    if answered_before:
        await remove(nats, (await redriven(nats, 2)).number)
    await taken_again(nats, 1)
    assert await valid(nats) == {}
    if dies:
        await redriven(nats, 2)
    await taken_again(nats, 3)
    await remove(nats, (await redriven(nats, 2)).number)
    assert await valid(nats) == {2: 1}
    assert sorted(each.sequence for each in await dead_letters(nats)) == [1, 3]


async def test_whoever_dies_in_a_redo_leaves_a_trace_of_each_message(nats: Client) -> None:
    """A letter is kept until intake takes its message in again, which may die before the receipts:
    then the batch comes once more."""
    await send(nats, *(submitted(number) for number in (1, 2, 3)))
    await taken_in_by_a_broken_one(nats)
    for _ in ("once", "and again"):
        await redo(nats, "inbox-boston", 2)
        assert sorted(each.sequence for each in await dead_letters(nats)) == [1, 2, 3]
    dying = breaks_for(inbox(nats), "3")
    answer, deaths = dying._answer, [ConnectionResetError("before the receipts")]

    async def dies(*batch: Any) -> None:
        if deaths:
            raise deaths.pop()
        await answer(*batch)

    dying._answer = dies  # type: ignore[method-assign]
    async with running(dying):
        found = await answers(nats, dying)
    assert not deaths
    assert (sorted(found.dead), sorted(found.accepted)) == ([1, 3], [2])
    assert await valid(nats) == {2: 1}
