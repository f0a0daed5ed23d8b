"""What the NATS server tells about itself over HTTP: what it may store, and what it does store."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from shared.eventsourcing.jetstream.connection import Client
from shared.runtime.settings import Settings

USUAL_PORT = 8222
ANSWERS_WITHIN_S = 2.0


@dataclass(frozen=True)
class Store:
    """Bytes that all streams take, and the most that they may take (`max_file`)."""

    used: int
    most: int


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
        case {"jetstream": {"config": {"max_storage": int(most)}, "stats": {"storage": int(used)}}}:
            return Store(used, most)
        case _:
            return None
