"""What a service's composition root builds with, and where it puts what it built."""

import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from fastapi import APIRouter
from faststream.nats import NatsBroker
from nats.aio.client import Client
from sqlalchemy import Engine
from starlette.routing import BaseRoute

from shared.contracts.values import CLOCKS_DIFFER_BY
from shared.eventsourcing.codec import Codec
from shared.eventsourcing.digests import Digests
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.leases import Lease
from shared.eventsourcing.projections.projections import Making
from shared.runtime.charter import Charter
from shared.runtime.clock import Clock
from shared.runtime.clock_stream import moment_of
from shared.runtime.keys import long_key
from shared.runtime.log_server import LogServer
from shared.runtime.loops import Loops
from shared.runtime.program import Program
from shared.runtime.settings import Settings
from shared.web.condition import Condition
from shared.web.frame import Frame

LEASES = "LEASES"


class NoRowsError(Exception):
    pass


@dataclass
class Runtime:
    """`checks` are made before anything runs, and raise LogDamagedError; `watched` are the streams
    that the service stands on; `set_aside` counts events by read model, `making` tells of
    those that are not served yet; `progress` is what
    `query.{service}.progress` answers besides the positions. `routes` are pages in `frame`,
    `routers` are for programs; `troubles` tell why it is not ready, beside its loops; `condition`
    is how the service does once it runs."""

    program: Program
    settings: Settings
    charter: Charter
    clock: Clock
    rows: Engine | None
    broker: NatsBroker
    client: Client
    codec: Codec
    store: JetStreamEventStore
    server: LogServer
    frame: Frame
    loops: Loops = field(default_factory=Loops)
    routes: list[BaseRoute] = field(default_factory=list)
    routers: list[APIRouter] = field(default_factory=list)
    checks: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    troubles: list[Callable[[], list[str]]] = field(default_factory=list)
    watched: set[str] = field(default_factory=set)
    set_aside: Callable[[], Mapping[str, int]] = dict
    making: Callable[[], Mapping[str, Making]] = dict
    progress: Callable[[], dict[str, Any]] = dict
    condition: Callable[[], Condition] = Condition

    @property
    def name(self) -> str:
        return self.program.name

    @property
    def service(self) -> str:
        """By whose names it goes in the log."""
        return self.program.service

    @property
    def engine(self) -> Engine:
        """Of its rows. Raises NoRowsError for a program that has none."""
        if self.rows is None:
            raise NoRowsError(f"{self.name} has no database")
        return self.rows

    @property
    def instance(self) -> str:
        given = self.settings.instance
        return socket.gethostname() if given == "hostname" else given

    @property
    def label(self) -> str:
        return self.settings.instance_name

    @cached_property
    def digests(self) -> Digests:
        """Only who takes in what others say has need of the key. Raises WeakKeyError."""
        settings = self.settings
        path = settings.data_dir / "digest.key"
        return Digests(long_key(settings.digest_key, path, "TRIBUNE_DIGEST_KEY"))

    @property
    def moment(self) -> Callable[[Mapping[str, str]], datetime]:
        """When a message is taken in: now; in a replay when it says."""
        if self.settings.clock == "stream":
            return moment_of(self.clock)
        return lambda _: self.clock.now()

    @property
    def clocks_differ_by(self) -> timedelta | None:
        """How far ahead of ours a moment may be that somebody says; in a replay, where the clock
        is behind, as far as it likes."""
        return None if self.settings.clock == "stream" else CLOCKS_DIFFER_BY

    def lease(self, loop: str) -> Lease:
        """For a loop of this service, which one of its processes runs at a time."""
        self.watched.add(LEASES)
        holder = f"{self.label} (process {os.getpid()})"
        return Lease(self.client, f"{self.service}.{loop}", holder, self.instance)
