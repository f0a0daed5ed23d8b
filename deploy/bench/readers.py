"""Open pages by the thousand beside ordinary visitors, while the suite takes events in."""

import asyncio
import json
import os
import re
import sys
import time
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any

from deploy.bench.laboratory import Laboratory, laboratory, upstream_events
from deploy.bench.visiting import IN_VAIN, VISITOR, idle, pages_per_s, visits
from deploy.bench.waits import at, cuts, late, waits_ms
from deploy.bench.wire import Answer, Wire
from deploy.programs import PROGRAMS
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.pipeline import heed_cancellation
from shared.mapping import UpstreamEvent
from shared.runtime.open_files import allow_many

FILLED_WITH = 1_500
MOST_SENT = 10_000
"""Rows of the half year."""

EVENTS_EACH_S = 50
IDLE = 5_000
PAGES_S = 5.0
ALONE_S = 10.0
SETTLED_S = 3.0
LIVE = re.compile(r'data-live="([^"]*)"')
PART = re.compile(r'data-live-parts="([^"]*)"')
MOST_AT_A_LINE = 2**28
PROMISED_S = 2.0
ASK_FOR_ONE = "$JS.API.STREAM.MSG.GET.PUBLIC"
PATIENCE_S = 30.0


async def readers(readers: int = 1_000, seconds: float = 30.0) -> dict[str, Any]:
    """Visitors and events come at their pace whatever becomes of those before; `told_ms` and
    `shown_ms` are from the moment an event is in PUBLIC, for each event and each reader."""
    allow_many()
    async with laboratory(PROGRAMS) as lab:
        await filled(lab)
        return await measured(lab, readers, seconds)


async def filled(lab: Laboratory) -> None:
    await lab.send(upstream_events(rows=FILLED_WITH))
    await _settled(lab)


async def measured(lab: Laboratory, readers: int, seconds: float) -> dict[str, Any]:
    reports = upstream_events({"report.submitted"}, FILLED_WITH + MOST_SENT)[FILLED_WITH:]
    port = lab.suite.port_of("publishing-1")
    page = await Wire(port, VISITOR).get("/")
    pages_alone = await pages_per_s(port, PAGES_S)
    pace = asyncio.create_task(_send(lab, reports))
    pages = await pages_per_s(port, PAGES_S)
    alone = await visits(port, ALONE_S)
    async with idle(port, IDLE):
        beside_idle = await visits(port, ALONE_S)
    async with _crowd(port, readers, page) as crowd:
        first = await ends_at(lab.client, "PUBLIC") + 1
        used, began = lab.cpu_s("publishing-1"), time.monotonic()
        await crowd.tell()
        beside = await visits(port, seconds)
        took = time.monotonic() - began
        service = (lab.cpu_s("publishing-1") - used) / took
        seen = await crowd.told()
    pace.cancel()
    with suppress(asyncio.CancelledError):
        await pace
    stored = await _stored(lab, first)
    told = waits_ms(seen["told"], stored, first)
    shown = waits_ms(seen["shown"], stored, first)
    return {
        "readers": readers,
        "events_per_s": round(len(stored) / took, 1),
        **cuts("told", told),
        "readers_late": late(seen["positions"], stored, first, seen["ended"] - PROMISED_S),
        **cuts("shown", shown),
        **cuts("visitor_alone", alone),
        **cuts("visitor_beside_idle", beside_idle),
        **cuts("visitor", beside),
        "visitor_p99_ratio": round(at(beside, 0.99) / max(1, at(alone, 0.99)), 2),
        "visits": beside.total(),
        "visits_in_vain": beside[IN_VAIN] + beside_idle[IN_VAIN],
        "front_pages_per_s": round(pages_alone),
        "front_pages_beside_events_per_s": round(pages),
        "fetches_per_s": round(len(seen["bytes"]) / took, 1),
        "fetch_bytes": round(sum(seen["bytes"]) / max(1, len(seen["bytes"]))),
        "page_bytes": page.size,
        "answers": seen["answers"],
        "service_cpu": round(service, 3),
        "crowd_cpu": round(seen["cpu_s"] / took, 3),
        "load_average": round(os.getloadavg()[0], 1),
    }


async def _settled(lab: Laboratory) -> None:
    """Until PUBLIC stands still for a while. Raises RuntimeError where nothing comes there."""
    end, since = -1, time.monotonic()
    while time.monotonic() - since < (SETTLED_S if end else PATIENCE_S):
        now = await ends_at(lab.client, "PUBLIC")
        if now != end:
            end, since = now, time.monotonic()
        await asyncio.sleep(0.1)
    if not end:
        raise RuntimeError(f"nothing came into PUBLIC for {PATIENCE_S:.0f} s")


async def _send(lab: Laboratory, reports: list[UpstreamEvent]) -> None:
    """At a constant pace, until cancelled; each leads to an event in PUBLIC."""
    next_at = time.monotonic()
    for report in reports:
        heed_cancellation()
        await lab.send([report])
        next_at += 1 / EVENTS_EACH_S
        await asyncio.sleep(next_at - time.monotonic())


class _Crowd:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the readers can't be spoken to")
        self._hears, self._says = process.stdin, process.stdout

    async def tell(self) -> None:
        self._hears.write(b"\n")
        await self._hears.drain()

    async def line(self) -> bytes:
        return await self._says.readline()

    async def told(self) -> dict[str, Any]:
        await self.tell()
        return dict(json.loads(await self.line()))


@asynccontextmanager
async def _crowd(port: int, readers: int, page: Answer) -> AsyncIterator[_Crowd]:
    """Of open pages, all of which are there. Older pages name no parts; they ask for the whole."""
    live, part = LIVE.search(page.text), PART.search(page.text)
    if live is None:
        raise RuntimeError("the page is not a live one")
    arguments = [str(port), str(readers), live[1], part[1] if part else "/"]
    command = [sys.executable, "-P", "-m", "deploy.bench.crowd", *arguments]
    process = await create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=MOST_AT_A_LINE)
    crowd = _Crowd(process)
    try:
        if not await crowd.line():
            raise RuntimeError("the readers did not come")
        yield crowd
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        await process.wait()


async def _stored(lab: Laboratory, first: int) -> list[float]:
    """When each event from there on came to stand in PUBLIC."""
    times = []
    for sequence in range(first, await ends_at(lab.client, "PUBLIC") + 1):
        asked = json.dumps({"seq": sequence}).encode()
        told = await lab.client.request(ASK_FOR_ONE, asked, timeout=PATIENCE_S)
        times.append(datetime.fromisoformat(json.loads(told.data)["message"]["time"]).timestamp())
    return times
