"""Whatever was withdrawn, and how often: each message has one receipt that holds, or is dead."""

from collections import Counter

import pytest
from nats.aio.client import Client
from upstream import Answered, answers, inbox, read_stream, running, send, submitted

from deploy.upkeep.redo import redo
from shared.contracts.receipt import Receipts
from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.inbox.digest_key import hold, release
from shared.eventsourcing.jetstream.dead_letters import DeadLetter, dead_letters, remove
from shared.testing.examples import DIGESTS


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
