"""Kills and freezes of a suite's processes, at random moments of a replay."""

import asyncio
import json
import os
import random
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from real_suite import until

from deploy.embedded import Suite
from shared.eventsourcing.jetstream.connection import connect

TAKEN_OVER_WITHIN_S = 20.0


def new_seed() -> int:
    """Shown where a test fails; TRIBUNE_TEST_SEED repeats an earlier run."""
    seed = int(os.environ.get("TRIBUNE_TEST_SEED", "0")) or random.SystemRandom().randrange(10**6)
    print(f"TRIBUNE_TEST_SEED={seed}")  # noqa: T201
    return seed


@dataclass(frozen=True)
class Kill:
    part: str
    sign: signal.Signals = signal.SIGKILL

    def __str__(self) -> str:
        return f"{self.sign.name} {self.part}"


@dataclass(frozen=True)
class Freeze:
    """Of whichever process owns a loop then; for so long, and at least until another owns it."""

    lease: str
    for_s: float

    def __str__(self) -> str:
        return f"freeze of the owner of {self.lease}"


@dataclass
class Faults:
    """In random order, each at a random moment: when so many receipts have come back."""

    suite: Suite
    seed: int
    given: Sequence[Kill | Freeze]
    total: int
    done: list[Kill | Freeze] = field(default_factory=list)
    took_over_after_s: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._order = self._chance.sample(self.given, len(self.given))
        moments = self._chance.sample(range(int(self.total * 0.9)), len(self.given))
        self._moments = sorted(moments)

    async def moved(self, answered: int) -> None:
        """Several moments may have passed since the last receipts: they come by the batch."""
        while len(self.done) < len(self._order) and answered >= self._moments[len(self.done)]:
            await asyncio.sleep(self._chance.uniform(0, 0.2))  # a moment of no choosing
            fault = self._order[len(self.done)]
            if isinstance(fault, Kill):
                await self._kill(fault)
            else:
                await self._freeze(fault)
            self.done.append(fault)

    async def _kill(self, fault: Kill) -> None:
        pid = self.suite.pids[fault.part]
        os.kill(pid, fault.sign)

        async def is_back() -> bool:
            return self.suite.pids.get(fault.part, pid) != pid

        await until(is_back, f"{fault.part} is started again")

    async def _freeze(self, fault: Freeze) -> None:
        client = await connect(self.suite.nats_url, "chaos", self.suite.keys.root())

        async def owner() -> str:
            subject = f"lease.{fault.lease}"
            said = await client.jetstream().get_msg("LEASES", subject=subject, direct=True)
            note = json.loads(said.data or b"{}")
            return "" if note["free"] else str(note["instance"])

        async def somebody_owns_it() -> bool:
            return bool(await owner())

        async def another_owns_it() -> bool:
            return await owner() not in ("", frozen)

        await until(somebody_owns_it, f"{fault.lease} has an owner")
        frozen = await owner()
        pid, began = self.suite.pids[frozen], time.monotonic()
        os.kill(pid, signal.SIGSTOP)
        try:
            await until(another_owns_it, f"{fault.lease} is taken over from {frozen}")
            self.took_over_after_s.append(time.monotonic() - began)
            await asyncio.sleep(max(0.0, began + fault.for_s - time.monotonic()))
        finally:
            os.kill(pid, signal.SIGCONT)
            await client.close()
