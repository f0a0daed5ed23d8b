"""Whether a service is ready, what it stands by for, and what operators should know in time."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from nats.errors import Error as NatsError

from shared.eventsourcing.errors import LogDamagedError
from shared.runtime import metrics
from shared.runtime.runtime import Runtime
from shared.runtime.watch import Watch
from shared.web.condition import Condition

METRICS_EVERY_S, TRIES_EVERY_S = 1.0, 0.1


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

    def reasons(self) -> list[str]:
        """What is wrong, and what is only not done yet."""
        return [*self.troubles(), *self._behind()]

    def condition(self) -> Condition:
        return Condition(self.reasons(), self._runtime.loops.standbys(), self.warnings())

    def troubles(self) -> list[str]:
        connected = () if self._runtime.client.is_connected else ("no connection to NATS",)
        loops = self._runtime.loops.troubles()
        return [*connected, *self._watch.reasons, *self._database(), *loops]

    def warnings(self) -> list[str]:
        aside = [
            f"{model}: {count:,} events are set aside; mend what they tripped over, then"
            f" `tribune rebuild {model}`"
            for model, count in self._runtime.set_aside().items()
        ]
        making = [each.said_of(model) for model, each in self._runtime.making().items()]
        return [*self._watch.warnings, *aside, *making]

    def _behind(self) -> list[str]:
        """Which loops have not yet reached what stood in their stream when the service started."""
        if names := ", ".join(self._watch.missing):
            return [f"the streams are not there yet ({names}); `tribune setup` declares them"]
        if self._goals is None:
            return ["has not looked yet how far it has to come"]
        said = []
        for loop in self._runtime.loops.loops:
            at, goal = loop.position(), self._goals.get(loop.name, 0)
            if at < goal and not loop.stands_by:
                said.append(f"{loop.name}: at {at:,} of {goal:,} ({at / goal:.0%})")
        return said

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
            await asyncio.sleep(METRICS_EVERY_S if self._goals is not None else TRIES_EVERY_S)

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
