"""A log grown to millions of events, and what each million takes."""

import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

from deploy.bench.filling import Upstream, filling, half_years
from deploy.bench.laboratory import Laboratory, opened
from deploy.bench.limits import MACHINES_GB, limit
from deploy.bench.measuring import load_ms, memory_mb, rebuild_s, sizes, verified
from deploy.embedded.disk import free
from deploy.terminal import Terminal
from services.publishing.settings import release_key
from shared.eventsourcing.jetstream.streams import InboxLimits
from shared.runtime.settings import Settings
from shared.runtime.sizes import GB, MB, in_words

MILLION = 1_000_000
NEEDED_MB, INBOX_MB = 4_000, 800
"""For each million: on the disk in all, with what is built and noted beside; and of the inbox."""
TOLD_EVERY_S = 5.0
OF_EACH = ("nats_mb", "nats_started_mb", "disk_mb", "inbox_mb", "rows_mb", "rebuild_s", "verify_s")

steps = Terminal(stderr=True)

Figures = dict[str, Any]


class NoRoomError(RuntimeError):
    """The disk is too small for so many events; says what is needed."""


async def growth(millions: Sequence[float] = (1.0,)) -> Figures:
    """What is measured at each number of `millions`, and of the last for each million; `limits` are
    what machines hold by that. A subject's share of memory is what a start needs.

    Raises NoRoomError.
    """
    goals = sorted(round(each * MILLION) for each in millions)
    _require_room(Path(gettempdir()), goals[-1])
    inbox = InboxLimits(max_bytes=max(GB, INBOX_MB * MB * goals[-1] // MILLION))
    found: list[Figures] = []
    upstream = half_years()
    with TemporaryDirectory(prefix="tribune-bench-") as folder:
        settings = Settings(_env_file=None, data_dir=Path(folder))
        release_key(settings)
        for goal in goals:
            found.append(await _grown(Path(folder), inbox, settings, upstream, goal))
            steps.print(str(found[-1]), style="dim", highlight=False)
    last = found[-1]
    each = {f"{name}_per_million": _each(last, name) for name in OF_EACH}
    subjects = (last["nats_started_mb"] - last["nats_empty_mb"]) * MB / last["subjects"]
    figures = last | each | {"nats_bytes_per_subject": round(subjects)}
    return figures | {
        "limits": [asdict(limit(figures, memory_gb)) for memory_gb in MACHINES_GB],
        "steps": found,
    }


def _require_room(folder: Path, events: int) -> None:
    needed, left = NEEDED_MB * MB * events // MILLION, free(folder)
    if needed > left:
        raise NoRoomError(
            f"{events:,} events need {in_words(needed)} on the disk of {folder}, and"
            f" {in_words(left)} are free. Name a smaller number, or a larger disk in TMPDIR"
        )


async def _grown(
    folder: Path, inbox: InboxLimits, settings: Settings, upstream: Upstream, goal: int
) -> Figures:
    """Two lives of the log server: it grows in the first, and the second begins with all of it."""
    figures: Figures = {}
    async with opened(folder, inbox=inbox) as lab:
        figures |= {"nats_empty_mb": await _empty_mb(lab, folder)}
        began = time.perf_counter()
        async with filling(lab, settings, upstream) as log:
            before = await log.events()
            events = await log.until(goal, _telling(goal))
        seconds = time.perf_counter() - began
        figures |= {"events": events, "fill_events_per_s": round((events - before) / seconds)}
        steps.print("rebuilds all read models …", style="dim")
        figures |= {"rebuild_s": await rebuild_s(lab, settings)}
        steps.print("proves all of it …", style="dim")
        figures |= await verified(lab)
        figures |= {"load_ms": await load_ms(lab), "nats_mb": await memory_mb(lab)}
    began = time.perf_counter()
    async with AsyncExitStack() as ends:
        lab = await ends.enter_async_context(opened(folder, inbox=inbox))
        figures |= {"start_s": round(time.perf_counter() - began, 2)}
        figures |= {"nats_started_mb": await memory_mb(lab)} | await sizes(lab)
    return figures


async def _empty_mb(lab: Laboratory, folder: Path) -> float:
    """Of a server without events; noted once, when it is that."""
    note = folder / "empty"
    if not note.exists():
        note.write_text(str(await memory_mb(lab)))
    return float(note.read_text())


def _telling(goal: int) -> Callable[[int], None]:
    told = time.monotonic()

    def tell(events: int) -> None:
        nonlocal told
        if time.monotonic() - told > TOLD_EVERY_S:
            steps.print(f"{events:,} of {goal:,} events …", style="dim", highlight=False)
            told = time.monotonic()

    return tell


def _each(figures: Figures, name: str) -> float:
    """For each million; of the server's memory only what the events add."""
    empty: float = figures["nats_empty_mb"] if name.startswith("nats_") else 0
    whole: float = figures[name] - empty
    return round(whole * MILLION / int(figures["events"]), 1)
