"""What a grown suite takes: memory of its log server, room on the disk, and time."""

import json
import statistics
import sys
import time
from asyncio.subprocess import PIPE, create_subprocess_exec
from pathlib import Path
from typing import Any

import httpx

from deploy.bench.laboratory import SOURCE, Laboratory
from deploy.looking.lookup import Log, at
from deploy.programs import SERVICES
from deploy.suite import database, read_models
from shared.contracts.reference import Reference
from shared.contracts.routing import inbox_of, logs
from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.projections.rebuild import rebuild
from shared.runtime.monitoring import server_facts
from shared.runtime.settings import Settings
from shared.runtime.sizes import MB

LOADS = 100

Figures = dict[str, float]


async def memory_mb(lab: Laboratory) -> float:
    """What the log server takes now."""
    async with httpx.AsyncClient(trust_env=False) as http:
        facts = await server_facts(lab.client, lab.suite.monitor_url, http)
    if facts is None:
        raise RuntimeError("the log server's monitoring does not answer")
    return round(int(facts["mem"]) / MB, 1)


async def sizes(lab: Laboratory) -> Figures:
    """Of what is there for good, and of the inbox, which forgets; `subjects` are distinct ones."""
    streams = await lab.client.jetstream().streams_info()
    states: dict[str, Any] = {str(each.config.name): each.state for each in streams}
    subjects = {name: await _subjects(lab, name) for name in logs()}
    return {
        "disk_mb": _mb(lab.suite.store),
        "inbox_mb": round(states[inbox_of(SOURCE)].bytes / MB, 1),
        "rows_mb": round(sum(_mb(file) for file in lab.folder.glob("*.db*")), 1),
        "subjects": sum(subjects.values()),
        "public_subjects": subjects["PUBLIC"],
    }


async def _subjects(lab: Laboratory, stream: str) -> int:
    """nats-py leaves it out."""
    told = json.loads((await lab.client.request(f"$JS.API.STREAM.INFO.{stream}", b"")).data)
    return int(told["state"].get("num_subjects", 0))


def _mb(path: Path) -> float:
    """Of a file, or all files in a folder."""
    files = path.rglob("*") if path.is_dir() else [path]
    return round(sum(file.stat().st_size for file in files if file.is_file()) / MB, 1)


async def rebuild_s(lab: Laboratory, settings: Settings) -> float:
    """As `tribune rebuild`: each read model from its log, switched over."""
    began = time.perf_counter()
    for service in SERVICES:
        engine = database(settings, service)
        for model in read_models(service):
            await rebuild(lab.client, engine, model, codec=lab.codec)
        engine.dispose()
    return round(time.perf_counter() - began, 1)


async def verified(lab: Laboratory) -> Figures:
    """Of a process of its own. Raises RuntimeError if it finds anything wrong or not done."""
    command = [sys.executable, "-P", "-m", "deploy.bench.proof_alone", str(lab.folder)]
    proving = await create_subprocess_exec(*command, stdout=PIPE)
    said, _ = await proving.communicate()
    found = json.loads(said)
    if wrong := found.pop("wrong"):
        raise RuntimeError(f"what was grown does not hold: {wrong}")
    return dict(found)


async def load_ms(lab: Laboratory) -> float:
    """Of one aggregate, the median of some from all over the log."""
    log, store, took = Log(lab.client, lab.codec), lab.store(), []
    end = (await lab.client.jetstream().stream_info("INTAKE")).state.last_seq
    for number in range(LOADS):
        recorded = await at(log, Reference("INTAKE", 1 + number * end // LOADS))
        if recorded is not None:
            event = recorded.event
            key = AggregateKey(event.service, event.aggregate, event.aggregate_id)
            began = time.perf_counter()
            await store.load(key)
            took.append(time.perf_counter() - began)
    return round(statistics.median(took) * 1000, 2)
