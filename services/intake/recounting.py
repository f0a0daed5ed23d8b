"""What runs is counted anew where the charter has other rules or almanacs than before."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

import structlog

from services.intake.domain.clock import RecountDue
from services.intake.domain.due import DueRules
from services.intake.projections import reckoned
from services.intake.terms_due import Ask
from shared.contracts.actor import suite
from shared.contracts.identity import command_id
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.projections.database import ask_in
from shared.runtime.clock import Clock
from shared.runtime.loops import Loop
from shared.runtime.runtime import Runtime

AT_ONCE = 500
LOOKS_AGAIN_S = 0.2


@dataclass(frozen=True)
class Recounting:
    """Each time it is asked for counts by the rules as they are, so twice is once."""

    ask: Ask
    handler: CommandHandler
    rules: DueRules
    clock: Clock

    async def __call__(self) -> int:
        """How many moved. Raises what keeps one of them from being counted."""
        moved, after, known = 0, "", known_to(self.rules)
        while page := await self.ask(reckoned.by_others, known, after, AT_ONCE):
            outcomes = await self.handler.handle([self._envelope(each) for each in page])
            for outcome in outcomes:
                if outcome.error:
                    raise outcome.error
            moved += sum(outcome.new_events for outcome in outcomes)
            after = page[-1]
        return moved

    def _envelope(self, check_id: str) -> Envelope:
        """A charter may come back that was there before, and is to be counted by again."""
        now = self.clock.now()
        origin = command_id("recount", check_id, uuid4().hex)
        command = RecountDue(check_id, self.rules, now)
        return Envelope(command, id=origin, correlation_id=origin, actor=suite("charter", "due"))


def known_to(rules: DueRules) -> Sequence[str]:
    """All that something may be counted by."""
    almanacs = [rules.common, *rules.almanacs.values()]
    return [
        reckoned.named(rule.name, rule.version, almanac.name, almanac.version)
        for rule in rules.rules
        for almanac in almanacs
    ]


def add_recounting(runtime: Runtime, handler: CommandHandler, rules: DueRules) -> None:
    """Once a start, as soon as the rows hold what the log held then; without rules never."""
    if not rules.rules:
        return
    ask = partial(ask_in, runtime.engine)
    recount = Recounting(ask, handler, rules, runtime.clock)

    async def run() -> None:
        """Until cancelled."""
        end = await ends_at(runtime.client, reckoned.read_model.stream)
        while True:
            if await ask(reckoned.reached) >= end:
                break
            await asyncio.sleep(LOOKS_AGAIN_S)
        if moved := await recount():
            structlog.get_logger().info("due dates moved with the charter", moved=moved)
        await asyncio.Event().wait()

    runtime.loops.add(Loop("recount", run, lease=runtime.lease("recount")))
