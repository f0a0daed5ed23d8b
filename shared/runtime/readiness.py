"""Whether a service is ready, what it stands by for, and what operators should know in time."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog
from nats.errors import Error as NatsError

from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.tls import distrusted, is_distrust
from shared.runtime import metrics
from shared.runtime.runtime import Runtime
from shared.runtime.watch import Watch
from shared.web.condition import Condition

METRICS_EVERY_S, TRIES_EVERY_S = 1.0, 0.1


def no_connection(error: BaseException | None) -> str:
    """And why, where that is to be mended by somebody."""
    said = "no connection to NATS"
    return f"{said}: it {distrusted(error)}" if error and is_distrust(error) else said


class Readiness:
    """`reasons` why it is not ready; `warnings` do not keep it from being so. `database` tells what
    its loops can't: they wait for one that hangs."""

    def __init__(
        self, runtime: Runtime, watch: Watch, database: Callable[[], list[str]] = list
    ) -> None:
        self._runtime = runtime
        self._watch = watch
        self._database = database
        self._goals: dict[str, int] | None = None
        self._measured: set[str] = set()
        self._distrusts = False

    def reasons(self) -> list[str]:
        """What is wrong, and what is only not done yet."""
        return [*self.troubles(), *self._behind()]

    def condition(self) -> Condition:
        return Condition(self.reasons(), self._runtime.loops.standbys(), self.warnings())

    def troubles(self) -> list[str]:
        client = self._runtime.client
        connected = () if client.is_connected else (no_connection(client.last_error),)
        own = [said for each in self._runtime.troubles for said in each()]
        loops = self._runtime.loops.troubles()
        return [*connected, *self._watch.reasons, *self._database(), *loops, *own]

    def warnings(self) -> list[str]:
        aside = [
            f"{model}: {count:,} events are set aside; mend what they tripped over, then"
            f" `tribune rebuild {model}`"
            for model, count in self._runtime.set_aside().items()
        ]
        return [*self._watch.warnings, *aside, *self._making(catches_up=False)]

    def _making(self, *, catches_up: bool) -> list[str]:
        making = self._runtime.making().items()
        return [each.said_of(model) for model, each in making if each.catches_up == catches_up]

    def _behind(self) -> list[str]:
        """Which loops have not yet reached what stood in their stream when the service started, and
        what is not shown any more before it is caught up with."""
        if names := ", ".join(self._watch.missing):
            return [f"the streams are not there yet ({names}); `tribune setup` declares them"]
        if self._goals is None:
            return ["has not looked yet how far it has to come"]
        said = []
        for loop in self._runtime.loops.loops:
            at, goal = loop.position(), self._goals.get(loop.name, 0)
            if at < goal and not loop.stands_by:
                said.append(f"{loop.name}: at {at:,} of {goal:,} ({at / goal:.0%})")
        return said + self._making(catches_up=True)

    async def follow(self) -> None:
        """Find out how far there is to go, then keep the metrics; until cancelled."""
        while True:
            with suppress(NatsError, OSError, TimeoutError, LogDamagedError):
                if self._goals is None:
                    self._goals = {
                        loop.name: await loop.goal()
                        for loop in self._runtime.loops.loops
                        if loop.goal is not None
                    }
            self._measure()
            self._tell_distrust()
            await asyncio.sleep(METRICS_EVERY_S if self._goals is not None else TRIES_EVERY_S)

    def _tell_distrust(self) -> None:
        """Once each time: a certificate that has expired is not mended by waiting."""
        client = self._runtime.client
        error = None if client.is_connected else client.last_error
        was_told, self._distrusts = self._distrusts, error is not None and is_distrust(error)
        if self._distrusts and not was_told:
            reason = no_connection(error)
            structlog.get_logger().warning("the log server is not trusted", reason=reason)

    def _measure(self) -> None:
        for loop in self._runtime.loops.loops:
            if loop.stream:
                metrics.position.labels(loop.name, loop.stream).set(loop.position())
            if loop.lease is not None:
                metrics.owned.labels(loop.name).set(loop.owned)
            for result, count in loop.tally().items():
                metrics.messages.labels(loop.name, result).set(count)
        aside = self._runtime.set_aside()
        self._measured |= set(aside)
        for model in self._measured:
            metrics.set_aside.labels(model).set(aside.get(model, 0))
