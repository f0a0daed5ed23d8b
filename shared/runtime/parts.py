"""The parts that services are put together from: each becomes a loop with one owner."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from nats.js.errors import NotFoundError
from sqlalchemy import Engine

from shared.contracts.routing import log_of
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import last_under
from shared.eventsourcing.jetstream.written import Written
from shared.eventsourcing.process import Process
from shared.eventsourcing.projections import checkpoints
from shared.eventsourcing.projections.database import run_in
from shared.eventsourcing.projections.prepare import identity, prepare
from shared.eventsourcing.projections.projections import Projections, loops_of
from shared.eventsourcing.projections.projector import Listener
from shared.eventsourcing.projections.read_model import ReadModel
from shared.eventsourcing.reaction import Reaction
from shared.eventsourcing.reactor import Handles, Reactor
from shared.eventsourcing.relay import Passage, Relay
from shared.eventsourcing.timers.calendar import Calendar
from shared.runtime.loops import Loop
from shared.runtime.runtime import Runtime

DEAD, POSITIONS = "DEAD", "POSITIONS"


class NameTakenError(Exception):
    """Names of positions are for ever, and each is one reader's."""


class NeverWokenError(Exception):
    """A process waits for moments that nobody would tell it of."""


def add_reaction(runtime: Runtime, reaction: Reaction, handler: Handles) -> Reactor:
    """Raises NameTakenError."""
    client = runtime.client
    _take_name(runtime, reaction.name)
    reactor = Reactor(client, reaction, handler, runtime.codec)
    runtime.watched |= {reaction.stream, log_of(runtime.service), DEAD, POSITIONS}
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


def add_process(
    runtime: Runtime, process: Process, handler: CommandHandler, calendar: Calendar
) -> list[Reactor]:
    """Its reactions. Raises NeverWokenError if it asks to be woken and the calendar would not."""
    if process.woken is not None and not calendar.gives(process.woken):
        raise NeverWokenError(
            f"{process.name} asks to be woken, but {runtime.name}'s calendar does not hold its"
            " timers; add `timers(…)` of it to the calendar"
        )
    return [add_reaction(runtime, reaction, handler) for reaction in process.reactions()]


def add_passage(
    runtime: Runtime, passage: Passage, check: Callable[[], Awaitable[None]], written: Written
) -> Relay:
    """`check` is made whenever this process becomes the owner, and raises LogDamagedError. All who
    write the target in this process have `written` in common.

    Raises NameTakenError."""
    client = runtime.client
    _take_name(runtime, passage.name)
    relay = Relay(client, runtime.service, passage, runtime.clock.now, runtime.codec, written)

    async def run() -> None:
        await check()
        await relay.run()

    runtime.watched |= {passage.stream, passage.target, DEAD, POSITIONS}
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
) -> Projections:
    """Who shares the database shares the owner; who has one of its own fills it by itself.

    Raises ReadModelChangedError.
    """
    client, engine = runtime.client, runtime.engine
    prepare(engine, models)
    projections = Projections(engine, models, runtime.codec)
    runtime.watched |= set(projections.streams)
    runtime.checks.append(lambda: _know_no_more_than_the_log(runtime, models))
    runtime.set_aside = lambda: projections.set_aside
    runtime.making = projections.making
    first, *others = loops_of(models).items()
    runtime.loops.add(
        Loop(
            first[1],
            lambda: projections.run(client, f"{runtime.service}-projections", listen),
            first[0],
            projections.position,
            lambda: last_under(client, first[0], ()),
            runtime.lease(f"projections.{identity(engine)}"),
            meanwhile=lambda: projections.watch(listen),
        )
    )
    for stream, name in others:
        runtime.loops.add(_told_of(projections, client, stream, name))
    return projections


def _told_of(projections: Projections, client: Client, stream: str, name: str) -> Loop:
    """The loop of the first stream reads them all; this one only tells how far it is in another."""

    async def idle() -> None:
        await asyncio.Event().wait()

    return Loop(
        name,
        idle,
        stream,
        lambda: projections.position(stream),
        lambda: last_under(client, stream, ()),
    )


def _take_name(runtime: Runtime, name: str) -> None:
    """Of a reaction or relay: it is that of a position, and two would move each other's."""
    if {f"reaction {name}", f"relay {name}"} & {loop.name for loop in runtime.loops.loops}:
        raise NameTakenError(
            f"{runtime.name} has two reactions or relays named {name}; give one another name"
        )


async def _know_no_more_than_the_log(runtime: Runtime, models: Sequence[ReadModel]) -> None:
    """Raises LogDamagedError; nobody is to be told that such rows are ready. A version that is
    replaced may be the one that is served. The end is asked for last: another process may write
    meanwhile, and move the checkpoint beyond an end that was seen before."""
    engine, jetstream = runtime.engine, runtime.client.jetstream()
    with suppress(NotFoundError):  # the stream is not there yet
        versions = [version for model in models for version in model.versions()]
        for model, stream in [(each, stream) for each in versions for stream in each.streams]:
            at = await run_in(engine, _checkpoint, engine, model.position_in(stream))
            end = (await jetstream.stream_info(stream)).state.last_seq
            if at > end:
                raise LogDamagedError(
                    f"{stream} ends at {end}, but {model.name} was made from it up to {at}: the log"
                    " went backwards"
                )


def _checkpoint(engine: Engine, name: str) -> int:
    with engine.connect().execution_options(reads_only=True) as connection:
        return checkpoints.read(connection, name)
