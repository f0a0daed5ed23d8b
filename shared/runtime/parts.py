"""The parts that services are put together from: each becomes a loop with one owner."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from nats.js.errors import NotFoundError
from sqlalchemy import Engine

from shared.contracts.routing import log_of
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.inbox.prepare import Translate
from shared.eventsourcing.inbox.serve import Inbox
from shared.eventsourcing.jetstream.ends import last_under
from shared.eventsourcing.projections import checkpoints
from shared.eventsourcing.projections.database import run_in
from shared.eventsourcing.projections.prepare import identity, prepare
from shared.eventsourcing.projections.projector import Listener, Projector
from shared.eventsourcing.projections.read_model import ReadModel
from shared.eventsourcing.reaction import Reaction
from shared.eventsourcing.reactor import Reactor
from shared.eventsourcing.relay import Passage, Relay
from shared.runtime.loops import Loop
from shared.runtime.runtime import Runtime

DEAD = "DEAD"


class NameTakenError(Exception):
    """Names of positions are for ever, and each is one reader's."""


def add_inbox(
    runtime: Runtime, source: str, handler: CommandHandler, translate: Translate
) -> Inbox:
    client = runtime.client
    inbox = Inbox(client, runtime.name, source, handler, translate, runtime.moment)
    runtime.watched |= {inbox.stream, "RECEIPTS", log_of(runtime.name), DEAD}
    runtime.loops.add(
        Loop(
            f"inbox {source}",
            inbox.run,
            inbox.stream,
            lambda: inbox.position,
            lambda: last_under(client, inbox.stream, ()),
            runtime.lease(f"inbox.{source}"),
            tally=lambda: vars(inbox.tally),
        )
    )
    return inbox


def add_reaction(runtime: Runtime, reaction: Reaction, handler: CommandHandler) -> Reactor:
    """Raises NameTakenError."""
    client = runtime.client
    _take_name(runtime, reaction.name)
    reactor = Reactor(client, reaction, handler)
    runtime.watched |= {reaction.stream, log_of(runtime.name), DEAD}
    runtime.loops.add(
        Loop(
            f"reaction {reaction.name}",
            reactor.run,
            reaction.stream,
            lambda: reactor.position,
            lambda: last_under(client, reaction.stream, reaction.filters),
            runtime.lease(f"reaction.{reaction.name}"),
        )
    )
    return reactor


def add_passage(runtime: Runtime, passage: Passage, check: Callable[[], Awaitable[None]]) -> Relay:
    """`check` is made whenever this process becomes the owner, and raises LogDamagedError.

    Raises NameTakenError."""
    client = runtime.client
    _take_name(runtime, passage.name)
    relay = Relay(client, runtime.name, passage, runtime.clock.now)

    async def run() -> None:
        await check()
        await relay.run()

    runtime.watched |= {passage.stream, passage.target, DEAD}
    runtime.loops.add(
        Loop(
            f"relay {passage.name}",
            run,
            passage.stream,
            lambda: relay.position,
            lambda: last_under(client, passage.stream, ()),
            runtime.lease(f"relay.{passage.name}"),
        )
    )
    return relay


def add_read_models(
    runtime: Runtime, models: Sequence[ReadModel], listen: Listener | None = None
) -> Projector:
    """Who shares the database shares the owner; who has one of its own fills it by itself."""
    client, engine = runtime.client, runtime.engine
    prepare(engine, models)
    projector = Projector(engine, models)
    runtime.watched.add(projector.stream)
    runtime.checks.append(lambda: _know_no_more_than_the_log(runtime, models))
    runtime.set_aside = lambda: projector.set_aside
    runtime.loops.add(
        Loop(
            "projections",
            lambda: projector.run(client, f"{runtime.name}-projections", listen),
            projector.stream,
            lambda: projector.position,
            lambda: last_under(client, projector.stream, ()),
            runtime.lease(f"projections.{identity(engine)}"),
            meanwhile=lambda: projector.watch(listen),
        )
    )
    return projector


def _take_name(runtime: Runtime, name: str) -> None:
    """Of a reaction or relay: it is that of a position, and two would move each other's."""
    if {f"reaction {name}", f"relay {name}"} & {loop.name for loop in runtime.loops.loops}:
        raise NameTakenError(
            f"{runtime.name} has two reactions or relays named {name}; give one another name"
        )


async def _know_no_more_than_the_log(runtime: Runtime, models: Sequence[ReadModel]) -> None:
    """Raises LogDamagedError; nobody is to be told that such rows are ready."""
    with suppress(NotFoundError):  # the stream is not there yet
        for model in models:
            info = await runtime.client.jetstream().stream_info(model.stream)
            at = await run_in(runtime.engine, _checkpoint, runtime.engine, model.name)
            if at > info.state.last_seq:
                raise LogDamagedError(
                    f"{model.stream} ends at {info.state.last_seq}, but {model.name} was made from"
                    f" it up to {at}: the log went backwards"
                )


def _checkpoint(engine: Engine, name: str) -> int:
    with engine.connect().execution_options(reads_only=True) as connection:
        return checkpoints.read(connection, name)
