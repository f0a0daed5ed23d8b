"""Checks of the log that need nothing but the log."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import suppress
from typing import Any

from nats.js.errors import NotFoundError

from shared.contracts.receipt import Receipts
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.decider import Category
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.dead_letters import dead_letters
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.eventsourcing.jetstream.streams import InboxLimits, differences, suite_streams

SHOWN = 10


async def check_streams(client: Client, sources: Iterable[str]) -> list[str]:
    """Live settings against the declared ones; and no message missing, which no server notices.

    An inbox's limits promise nothing: what they are today is the operator's to say."""
    wrong = []
    for config in suite_streams(dict.fromkeys(sources, InboxLimits())):
        try:
            info = await client.jetstream().stream_info(str(config.name))
        except NotFoundError:
            wrong.append(f"{config.name}: is not there; `tribune setup` declares it")
            continue
        found = differences(config, info.config)
        wrong += [str(difference) for difference in found if not difference.is_limit]
        state = info.state
        if config.deny_delete and state.messages:
            expected = state.last_seq - state.first_seq + 1
            if state.messages != expected or state.num_deleted:
                wrong.append(
                    f"{config.name}: {state.messages:,} messages where {expected:,} must be;"
                    f" {state.num_deleted or 0:,} are gone"
                )
    return wrong


async def check_log(
    client: Client, stream: str, categories: Sequence[Category]
) -> tuple[int, list[str]]:
    """Every event can be read, stands on its own subject, has an id of its own, is the next of its
    aggregate, and folds. The reader refuses a gap. Returns how many events and what is wrong."""
    deciders = {category.name: category.decider for category in categories}
    ids: set[str] = set()
    states: dict[tuple[str, str], tuple[int, Any]] = {}
    wrong: list[str] = []
    count = 0
    async for message in whole(client, stream):
        count += 1
        try:
            recorded = decode(message.headers, message.body, message.sequence)
            if recorded is None:
                continue
            event = recorded.event
            if recorded.id in ids:
                wrong.append(f"{stream}/{message.sequence}: the id {recorded.id} came before")
            ids.add(recorded.id)
            if event.subject != message.subject:
                wrong.append(f"{stream}/{message.sequence}: stands on the wrong subject")
            decider = deciders[event.aggregate]
            key = (event.aggregate, event.aggregate_id)
            revision, state = states.get(key, (0, decider.initial_state))
            if recorded.revision != revision + 1:
                wrong.append(
                    f"{stream}/{message.sequence}: revision {recorded.revision} of {key[1]}"
                    f" follows {revision}"
                )
            states[key] = (recorded.revision, decider.evolve(state, event))
        except Exception as error:  # noqa: BLE001  whatever is wrong with one event, look at the others
            wrong.append(f"{stream}/{message.sequence}: {type(error).__name__}")
        if len(wrong) >= SHOWN:
            break
    return count, wrong


async def check_inbox(client: Client, source: str) -> tuple[int, list[str]]:
    """Each message up to the last receipt has exactly one, or lies in DEAD."""
    stream = f"INBOX_{source.upper()}"
    receipts: dict[int, int] = {}
    filters = [f"receipt.{source}.>"]
    through = 0
    async for message in whole(client, "RECEIPTS", filters):
        batch = Receipts.model_validate_json(message.body)
        answered = [receipt.inbox_sequence for receipt in batch.accepted]
        answered += [receipt.inbox_sequence for receipt in batch.refused]
        for sequence in answered:
            receipts[sequence] = receipts.get(sequence, 0) + 1
        through = int(message.headers["Tribune-Inbox-Through"])
    dead = {letter.sequence for letter in await dead_letters(client) if letter.stream == stream}
    first = (await client.jetstream().stream_info(stream)).state.first_seq
    wrong = [
        f"{stream}/{sequence}: has {receipts.get(sequence, 0)} receipts"
        for sequence in range(max(first, 1), through + 1)
        if receipts.get(sequence, 0) != 1 and sequence not in dead
    ]
    return max(0, through - max(first, 1) + 1), wrong[:SHOWN]


async def whole(
    client: Client, stream: str, filters: Sequence[str] = (), *, headers_only: bool = False
) -> AsyncIterator[Message]:
    """All messages of a stream as it is now, or those under some subjects."""
    state = (await client.jetstream().stream_info(stream)).state
    last = await _last(client, stream, filters) if filters else state.last_seq
    if not state.messages or not last:
        return
    source = ReadFrom(stream, state.first_seq, filters=filters, headers_only=headers_only)
    async with open_reader(client, source) as reader:
        while True:
            batch = await reader.next()
            for message in batch:
                if message.sequence <= last:
                    yield message
            if batch[-1].sequence >= last:
                return


async def _last(client: Client, stream: str, filters: Sequence[str]) -> int:
    """The last sequence under some subjects; 0 where there is none, and nothing to wait for."""
    last = 0
    for subject in filters:
        with suppress(NotFoundError):
            found = await client.jetstream().get_msg(stream, subject=subject, direct=True)
            last = max(last, found.seq or 0)
    return last
