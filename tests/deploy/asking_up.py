"""What one asks of a suite that runs as a process of its own, and what one sends to it."""

from contextlib import suppress

import httpx
from up_process import Up

from deploy.feeding.demo import FILE, MAPPING
from deploy.feeding.publish import publish
from deploy.feeding.sending import DoorError
from deploy.feeding.tables import read_rows
from shared.eventsourcing.errors import TryLaterError
from shared.eventsourcing.jetstream.connection import Client
from shared.mapping import Mapping, UpstreamEvent


def events(rows: int) -> list[UpstreamEvent]:
    return Mapping(MAPPING).events(read_rows(FILE)[:rows])


async def say_nothing(_: int) -> None: ...


async def send(client: Client, some: list[UpstreamEvent]) -> int:
    """How many have a receipt now, be it that they were there before."""
    return (await publish(client, "boston", some, say_nothing)).answered.total


async def refusal(client: Client, some: list[UpstreamEvent]) -> str:
    """Why they were not taken, if they were not."""
    why = ""
    try:
        await send(client, some)
    except* (TryLaterError, DoorError) as errors:
        why = str(errors.exceptions[0])
    return why


async def asked(suite: Up, process: str, path: str) -> httpx.Response:
    """At its inner door."""
    async with httpx.AsyncClient(trust_env=False) as http:
        return await http.get(f"http://127.0.0.1:{suite.facts['inner'][process]}{path}")


async def is_ready(suite: Up, process: str) -> bool:
    with suppress(httpx.HTTPError):
        return (await asked(suite, process, "/readyz")).status_code == httpx.codes.OK
    return False


async def says(suite: Up, process: str, what: str, words: str) -> bool:
    with suppress(httpx.HTTPError):
        told: dict[str, list[str]] = (await asked(suite, process, "/readyz")).json()
        return any(words in line for line in told[what])
    return False


async def measures(suite: Up, process: str, name: str) -> float:
    lines = (await asked(suite, process, "/metrics")).text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith(f"{name} "))
