"""The read models of a service: those that stand side by side, and a follower for each new one."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from shared.eventsourcing.codec import PLAIN, Codec
from shared.eventsourcing.errors import LeaseLostError, LogDamagedError
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.pipeline import heed_cancellation
from shared.eventsourcing.projections import serving
from shared.eventsourcing.projections.database import run_in
from shared.eventsourcing.projections.follower import Follower, first_of
from shared.eventsourcing.projections.projector import LOOKED_AT_EVERY_S, Listener, Projector
from shared.eventsourcing.projections.read_model import ReadModel

TRIES_AGAIN_S = 1.0

_Works = tuple[dict[str, Projector], dict[str, Follower], set[str]]


@dataclass(frozen=True)
class Making:
    """A read model that is not served yet: it is at `at`, and joins the others at `of`; `trouble`
    says why its follower began again. It `catches_up` if newer code is gone, whose rows were
    served: of these nothing is shown meanwhile."""

    at: int
    of: int
    trouble: str = ""
    catches_up: bool = False

    def said_of(self, model: str) -> str:
        trouble = f"; its follower fails: {self.trouble}" if self.trouble else ""
        does = "is catching up, and shows nothing yet" if self.catches_up else "is being made"
        return f"{model} {does}: at {self.at:,} of {self.of:,}{trouble}"


def loops_of(models: Sequence[ReadModel]) -> dict[str, str]:
    """The streams that read models stand on, each with the name of the loop that tells how far it
    is read."""
    first, *others = dict.fromkeys(stream for each in models for stream in each.streams)
    return {first: "projections"} | {stream: f"projections {stream}" for stream in others}


class Projections:
    """What is served is written by one projector for each stream. One that fails ends them all; a
    follower that fails begins again by itself, and costs the others nothing."""

    def __init__(self, engine: Engine, models: Sequence[ReadModel], codec: Codec = PLAIN) -> None:
        self.streams = tuple(loops_of(models))
        self._engine = engine
        self._models = models
        self._codec = codec
        self._standing: dict[str, Projector] = {}
        self._followers: dict[str, Follower] = {}
        self._unknown: set[str] = set()
        self._troubles: dict[str, str] = {}

    def position(self, stream: str = "") -> int:
        """The sequence up to which all that is served is, of the first stream if none is named."""
        projector = self._standing.get(stream or self.streams[0])
        return projector.position if projector else 0

    def hurry(self) -> None:
        """Somebody waits for what has come, in whichever stream."""
        for each in self._standing.values():
            each.hurry()

    @property
    def set_aside(self) -> dict[str, int]:
        """How many events, by read model."""
        standing = [each.set_aside for each in self._standing.values()]
        made = [each.set_aside for each in self._followers.values()]
        return {model: count for each in standing + made for model, count in each.items()}

    def making(self) -> dict[str, Making]:
        return {
            name: Making(
                each.position, each.goal, self._troubles.get(name, ""), name in self._unknown
            )
            for name, each in self._followers.items()
        }

    def begin(self) -> None:
        """Read from the database what is served and how far all are."""
        self._take(self._found())

    def _found(self) -> _Works:
        """It may run in a thread, which goes on when nobody waits for it any more: it changes
        nothing here."""
        with self._engine.connect().execution_options(reads_only=True) as connection:
            served = {each.name: serving.version(connection, each) for each in self._models}
            unknown = {each.name for each in self._models if serving.is_unknown(connection, each)}
        standing = [each for each in served.values() if each]
        projectors = {
            stream: Projector(
                self._engine,
                [each for each in standing if stream in each.streams],
                stream,
                self._codec,
            )
            for stream in self.streams
        }
        followers = {
            each.name: Follower(self._engine, each, projectors, self._codec)
            for each in self._models
            if served[each.name] is not each
        }
        for projector in projectors.values():
            projector.begin()
        for follower in followers.values():
            follower.begin()
        return projectors, followers, unknown

    def _take(self, found: _Works) -> None:
        self._standing, self._followers, self._unknown = found
        self._troubles.clear()
        self._keep_what_is_recent()

    async def run(self, client: Client, name: str, listen: Listener | None = None) -> None:
        """Follow the streams until cancelled."""

        def hear(_: int) -> None:
            if listen:
                listen(self.position())

        self._take(await run_in(self._engine, self._found))
        works = [_follow(client, each, name, hear) for each in self._standing.values()]
        works += [self._make(client, each, name, hear) for each in self._followers.values()]
        await first_of(works)

    async def watch(self, listen: Listener | None = None) -> None:
        """Look at what another process writes into the same database, until cancelled."""
        told: tuple[object, ...] = ()
        while True:
            with suppress(OperationalError):
                self._take(await run_in(self._engine, self._found))
            seen = (self.position(), *self._followers)
            if listen and told != seen:
                told = seen
                listen(self.position())
            await asyncio.sleep(LOOKED_AT_EVERY_S)

    async def _make(
        self, client: Client, follower: Follower, name: str, listen: Listener
    ) -> NoReturn:
        """Until it is switched in; then there is nothing left to do."""
        model = follower.model.name
        log = structlog.get_logger().bind(model=model)
        while model in self._followers:
            heed_cancellation()
            try:
                await follower.run(client, name)
            except (LeaseLostError, LogDamagedError):
                raise
            except Exception as error:  # noqa: BLE001  its checkpoint tells where to go on
                kind = self._troubles[model] = type(error).__name__
                log.warning("its follower begins again from its checkpoint", error=kind)
                await asyncio.sleep(TRIES_AGAIN_S)
            else:
                del self._followers[model]
                self._keep_what_is_recent()
                listen(self.position())
                log.info("switched in", position=self.position(follower.model.stream))
        await asyncio.Event().wait()
        raise AssertionError

    def _keep_what_is_recent(self) -> None:
        for stream, projector in self._standing.items():
            projector.recent.wanted = any(stream in each.parts for each in self._followers.values())


async def _follow(client: Client, standing: Projector, name: str, listen: Listener) -> None:
    """In a stream of which nothing is served there is nothing to read, until there is."""
    try:
        await standing.has_models()
        await standing.run(client, name, listen)
    finally:
        standing.end()
