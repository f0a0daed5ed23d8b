"""Nothing is published twice, whoever dies or wakes up in the middle of publishing it again."""

from dataclasses import replace

from nats.aio.client import Client
from test_learning import KEY, fill, public, relay, run_until

from services.publishing.passages import passages
from shared.contracts.report import ReportFiled
from shared.eventsourcing.jetstream.message import Message
from shared.eventsourcing.jetstream.reader import ReadFrom, open_reader
from shared.eventsourcing.pipeline import Turn
from shared.eventsourcing.relay import Relay
from shared.testing.examples import MEMBER_QUALIFIED, recorded, varied
from shared.testing.projection_spec import as_message


async def intake(client: Client, count: int) -> list[Message]:
    found: list[Message] = []
    async with open_reader(client, ReadFrom("INTAKE", 1)) as reader:
        while len(found) < count:
            found += await reader.next()
    return found


async def settle(one: Relay, messages: list[Message]) -> None:
    await one._settle(one._prepare(messages), Turn(None))


async def published(client: Client, one: Relay, goal: int) -> list[str]:
    """Once it has come to its goal."""
    await run_until(one, lambda: one.position >= goal)
    return await public(client)


async def test_a_death_while_all_is_gone_through_again_publishes_nothing_twice(
    nats: Client,
) -> None:
    """The first batch moves the position; what comes after it is still there from before."""
    await fill(nats, 30)
    before = await published(nats, relay(nats), 60)
    await nats.jetstream().purge_stream("POSITIONS")
    dies = relay(nats)
    await dies._begin()
    await settle(dies, (await intake(nats, 60))[:10])
    await fill(nats, 1, first=30)
    found = await published(nats, relay(nats), 62)
    assert found[:60] == before
    assert len(found) == 62


async def test_a_second_death_after_one_before_the_position_publishes_nothing_twice(
    nats: Client,
) -> None:
    """The second life takes only part of the first one's batch, and dies too."""
    await fill(nats, 30)
    messages = await intake(nats, 60)
    first = relay(nats)
    await first._begin()
    await first._publish(first._prepare(messages))
    second = relay(nats)
    await second._begin()
    await settle(second, messages[:10])
    assert len(await published(nats, relay(nats), 60)) == 60


async def test_an_owner_that_wakes_up_and_still_writes_publishes_nothing_twice(
    nats: Client,
) -> None:
    """It was frozen after it had asked for its lease; the next one works in other batches."""
    await fill(nats, 30)
    messages = await intake(nats, 60)
    frozen, owner = relay(nats), relay(nats)
    await frozen._begin()
    await owner._begin()
    await frozen._publish(frozen._prepare(messages))
    for start in (0, 10, 35):
        await settle(owner, messages[start : start + 25])
    assert len(await public(nats)) == 60


async def test_what_an_older_process_forgot_to_handle_is_not_published_again(nats: Client) -> None:
    """An upgrade that is taken back and made again: what was passed then is there already."""
    (passage, *_) = passages(KEY)
    older = replace(passage, handles=(ReportFiled,))
    await fill(nats, 30)
    before = await published(nats, relay(nats), 60)
    await fill(nats, 2, first=30)
    await published(nats, relay(nats, older), 64)
    newer = relay(nats)
    await fill(nats, 1, first=32)
    found = await published(nats, newer, 66)
    assert found[:60] == before
    assert len(found) == len(set(found)) == 66


async def test_what_is_known_to_be_there_is_forgotten_once_it_is_passed(nats: Client) -> None:
    """Another relay writes beside ours for ever; its ids are no use to anybody."""
    await fill(nats, 30)
    messages = await intake(nats, 60)
    one, other = relay(nats), relay(nats)
    await one._begin()
    await other._publish(other._prepare(messages[:30]))
    await settle(one, messages[:50])
    assert one._tail.known, "it may be met again"
    await settle(one, messages[50:])
    assert not one._tail.known


async def test_an_older_version_that_is_ahead_of_us_has_published_it(nats: Client) -> None:
    """It knows no lease and no mark; we pass what was there when we began, come to it, and die."""
    await fill(nats, 10)
    ours = relay(nats)
    await ours._begin()
    await fill(nats, 10, first=10)
    messages = await intake(nats, 40)
    older = replace(passages(KEY)[0], mark={})
    await relay(nats, older)._publish(relay(nats, older)._prepare(messages[30:]))
    await settle(ours, messages[:20])
    await settle(ours, messages[20:35])
    heir = relay(nats)
    await heir._begin()
    await settle(heir, messages[35:])
    found = await public(nats)
    assert len(found) == len(set(found)) == 40


async def test_a_dead_letter_that_was_published_after_all_is_not_published_again(
    nats: Client,
) -> None:
    """Also where something else of the same member stands on the same subject by now."""
    one = relay(nats, passages(KEY)[1])
    tracks = [varied(MEMBER_QUALIFIED, track=track) for track in ("steward", "witness")]
    letters = [as_message(recorded(event, n)) for n, event in enumerate(tracks, 1)]
    await one._begin()
    await settle(one, letters)
    for letter in letters:
        assert await one.redrive(letter) is None
    assert len(await public(nats)) == 2
