"""What the NATS server tells about itself over HTTP: what it may store, and what it does store."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from shared.eventsourcing.jetstream.connection import Client
from shared.runtime.settings import Settings
from shared.runtime.sizes import GB, MB

CANT_WRITE = "write error"  # so the server's own words about a stream that takes nothing more
LEAST_ROOM = 16 * MB  # a disk with less is full
USUAL_PORT = 8222
LEAST_MEMORY, WORKING_MEMORY, SHARE_OF_LOG = 1400 * MB, GB, 1 / 8
"""What the server wants: the index takes a tenth of what the log takes on disk, and beside it are
blocks that were touched within ten seconds, and what is garbage for a while."""
INDEX_TWICE = 1 / 5  # of what the log takes on disk
ANSWERS_WITHIN_S = 2.0


@dataclass(frozen=True)
class Store:
    """Bytes that all streams take, and the most that they may take (`max_file`). `memory` is what
    the server is asked to stay below, 0 if nobody has asked it."""

    used: int
    most: int
    memory: int = 0

    @property
    def is_cramped(self) -> bool:
        """Whether the index alone takes half of that."""
        return 0 < self.memory < INDEX_TWICE * self.used


def memory_for(stored: int) -> int:
    """What the server needs for a log of so many bytes; with less it reads blocks repeatedly."""
    return WORKING_MEMORY + int(SHARE_OF_LOG * stored)


async def illness(http: httpx.AsyncClient, url: str) -> str:
    """What the server says is wrong with it, empty if nothing: a stream that can't be written shows
    nowhere else. Raises httpx.HTTPError where it does not answer."""
    try:
        said = (await http.get(f"{url}/healthz")).json()
    except ValueError:
        return ""
    return "" if said.get("status") == "ok" else str(said.get("error") or "not healthy")


def monitor_url(settings: Settings) -> str:
    if settings.nats_monitor_url:
        return settings.nats_monitor_url.rstrip("/")
    host = urlsplit(settings.nats_url.get_secret_value()).hostname or "127.0.0.1"
    return f"http://[{host}]:{USUAL_PORT}" if ":" in host else f"http://{host}:{USUAL_PORT}"


async def server_facts(client: Client, url: str, http: httpx.AsyncClient) -> dict[str, Any] | None:
    """The server's `/varz`; None where nobody answers, or another server than our client's does."""
    try:
        facts = (await http.get(f"{url}/varz")).raise_for_status().json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None
    ours = client._server_info.get("server_id")  # noqa: SLF001
    is_ours = isinstance(facts, dict) and facts.get("server_id") == ours
    return facts if is_ours else None


async def store(client: Client, url: str) -> Store | None:
    async with httpx.AsyncClient(timeout=ANSWERS_WITHIN_S, trust_env=False) as http:
        return store_of(await server_facts(client, url, http))


def store_of(facts: dict[str, Any] | None) -> Store | None:
    match facts:
        case {
            "jetstream": {"config": {"max_storage": int(most)}, "stats": {"storage": int(used)}},
            **others,
        }:
            memory = others.get("gomemlimit")  # not there unless it was asked
            return Store(used, most, memory if isinstance(memory, int) else 0)
        case _:
            return None
