"""A process of a service as far as it answers what one asks of it, and no further."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Engine

from deploy.asking import ask_all
from shared.runtime.broker import make_broker
from shared.runtime.clock import Clock
from shared.runtime.loops import Loop, Loops
from shared.runtime.progress import serve_progress
from shared.runtime.runtime import Runtime


class Told:
    """What a service's readiness tells, of its loops alone."""

    def __init__(self, loops: Loops) -> None:
        self.troubles = self.reasons = loops.troubles

    def warnings(self) -> list[str]:
        return []


@asynccontextmanager
async def replica(
    url: str,
    engine: Engine,
    service: str = "intake",
    instance: str = "a host:1",
    trouble: str | None = None,
    aside: dict[str, int] | None = None,
    loop: str = "inbox",
) -> AsyncIterator[None]:
    """Only what the progress of a running service needs."""
    broker = make_broker(url, service)
    loops = Loops([Loop(loop, asyncio.Event().wait, "INBOX", lambda: 7, trouble=trouble)])

    def figures() -> dict[str, Any]:
        with engine.connect():
            return {"reports": {"filed": 3}}

    facts = {
        "name": service,
        "label": instance,
        "clock": Clock(),
        "rows": engine,
        "broker": broker,
        "loops": loops,
        "progress": figures,
        "set_aside": lambda: aside or {},
        "making": dict,
    }
    runtime = cast(Runtime, SimpleNamespace(**facts))
    serve_progress(runtime, Told(loops))
    await broker.start()
    while instance not in [one["instance"] for one in await ask_all(broker.connection, service)]:
        await asyncio.sleep(0.01)  # the server knows who answers
    try:
        yield
    finally:
        await broker.stop()
