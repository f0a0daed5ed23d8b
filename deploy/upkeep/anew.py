"""Begins a stream anew that is no truth of its own: PUBLIC, RECEIPTS, inboxes, also PROMOTION."""

from collections.abc import Mapping
from contextlib import suppress

from nats.errors import NoRespondersError
from nats.js.errors import NotFoundError

from deploy.asking import NoAnswerError, NotDoneError, ask
from deploy.looking.reading import batches, messages
from deploy.suite import database, flows, read_models
from shared.contracts.reference import Reference
from shared.contracts.routing import RECEIPTS, inbox_of, is_inbox, log_of, source_of, streams_of
from shared.eventsourcing.inbox.clearing import POSITION
from shared.eventsourcing.inbox.receipts import ReceiptWriter, taken_in
from shared.eventsourcing.inbox.telling import Telling
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.positions import Position, PositionKeeper
from shared.eventsourcing.jetstream.streams import (
    InboxLimits,
    inbox_stream,
    log_stream,
    receipts_stream,
)
from shared.eventsourcing.projections.prepare import forget
from shared.runtime.settings import Settings

PUBLIC, PROMOTION = log_of("public"), log_of("promotion")


class CannotBeginAnewError(Exception):
    """It would lose something, or take it from under a service that runs; says what to do."""


async def begin_anew(
    client: Client, settings: Settings, inboxes: Mapping[str, InboxLimits], stream: str
) -> str:
    """What was done. A death in between leaves what doing it again makes whole.

    Raises CannotBeginAnewError.
    """
    source = source_of(stream)
    if stream == PUBLIC:
        await _must_not_run(client, "gate", stream)
        await _must_not_run(client, "publishing", stream)
        await _new_log(client, settings, PUBLIC, "publishing")
        return (
            "PUBLIC begins anew; the gate fills it when it runs, under the same public ids if its"
            " release key is the same"
        )
    if stream == PROMOTION:
        await _must_not_run(client, "promotion", stream)
        await _must_not_run(client, "gate", stream)
        await _follows_from_intake(client)
        await _new_log(client, settings, PROMOTION, "promotion")
        return "PROMOTION begins anew; promotion fills it from INTAKE when it runs"
    if stream == RECEIPTS:
        await _must_not_run(client, "intake", stream)
        await _new_receipts(client, inboxes)
        return "RECEIPTS begins anew; intake answers what its inboxes still hold when it runs"
    if is_inbox(stream) and source in inboxes:
        await _must_not_run(client, "intake", stream)
        through = await _new_inbox(client, source, inboxes[source])
        return f"{stream} begins anew, behind the {through:,} messages that were taken in"
    raise CannotBeginAnewError(
        f"{stream} can't begin anew: only PUBLIC, PROMOTION, RECEIPTS and inboxes can. INTAKE is"
        " the truth; restore it from a backup"
    )


async def _must_not_run(client: Client, service: str, stream: str) -> None:
    """Who writes the stream or reads it. One that is too busy to answer runs, too."""
    try:
        with suppress(NoAnswerError, NotDoneError):
            await ask(client, service)
    except NoRespondersError:
        return
    raise CannotBeginAnewError(
        f"{service} runs; stop it first: it would take the end of {stream} for damage"
    )


async def _follows_from_intake(client: Client) -> None:
    """What people said to promotion itself could not be made again."""
    async for message in messages(client, PROMOTION, headers_only=True):
        cause = Reference.parse(message.headers.get("ce-cause", ""))
        if cause is None or cause.stream not in streams_of("intake"):
            raise CannotBeginAnewError(
                f"{PROMOTION}/{message.sequence} does not follow from INTAKE: it would be lost."
                " Restore PROMOTION from a backup"
            )


async def _new_log(client: Client, settings: Settings, stream: str, service: str) -> None:
    """Positions of what writes and reads it first, then rows, then the stream."""
    for flow in flows():
        if stream in (flow.target, flow.stream):
            keeper = PositionKeeper(client, flow.service, flow.name)
            await keeper.begin()
            await keeper.move(Position())
    _forget_rows(settings, service)
    with suppress(NotFoundError):
        await client.jetstream().delete_stream(stream)
    await client.jetstream().add_stream(log_stream(stream))


def _forget_rows(settings: Settings, service: str) -> None:
    engine = database(settings, service)
    for model in read_models(service):
        forget(engine, model)
    engine.dispose()


async def _new_receipts(client: Client, inboxes: Mapping[str, InboxLimits]) -> None:
    """Each inbox is answered from the first message on that it still holds. What it does not hold
    any more was not lost, so nobody may call it so; its receipts are gone, and that stays visible.
    """
    furthest = {source: await _furthest(client, source) for source in inboxes}
    with suppress(NotFoundError):
        await client.jetstream().delete_stream(RECEIPTS)
    await client.jetstream().add_stream(receipts_stream())
    for source in inboxes:
        with suppress(NotFoundError):
            state = (await client.jetstream().stream_info(inbox_of(source))).state
            writer = ReceiptWriter(client, Publisher(client), source, log_of("intake"))
            behind = max(0, state.first_seq - 1)
            await writer.take_again(behind, lost=0, furthest=furthest[source])
        await Telling(client, source).begin_again()


async def _furthest(client: Client, source: str) -> int:
    """Up to where messages may have been deleted for their words. Who died over this once has no
    receipts to tell it; the position of deleting does."""
    keeper = PositionKeeper(client, "intake", f"{POSITION}{source}")
    cleared = (await keeper.begin()).wrote
    with suppress(NoRespondersError):
        return max(cleared, (await taken_in(client, source)).furthest)
    return cleared


async def _new_inbox(client: Client, source: str, limits: InboxLimits) -> int:
    """Sequences go on: what was numbered as one that was taken in already would never be read."""
    stream = inbox_of(source)
    through = await ReceiptWriter(client, Publisher(client), source, log_of("intake")).reached()
    with suppress(NotFoundError):
        end = await ends_at(client, stream)
        async for batch in batches(client, stream, end):
            if unread := [message for message in batch if message.sequence > through]:
                raise CannotBeginAnewError(
                    f"{stream} holds messages that were not taken in yet, the first is"
                    f" {unread[0].sequence:,}; let intake take them in first"
                )
        await client.jetstream().delete_stream(stream)
    config = inbox_stream(source, limits)
    config.first_seq = through + 1
    await client.jetstream().add_stream(config)
    return through
