"""Asks the log server's monitoring whether it waits for the disk, how full and how well it is."""

from dataclasses import dataclass

import httpx
from nats.aio.client import Client

from shared.eventsourcing.errors import LogDamagedError
from shared.runtime.monitoring import ANSWERS_WITHIN_S, Store, monitor_url, server_facts, store_of
from shared.runtime.settings import Settings


class NotMonitoredError(Exception):
    """Our server does not answer on its monitoring port."""


@dataclass(frozen=True)
class ServerState:
    """`ill` is what the server says is wrong with it, if anything."""

    sync_always: bool
    store: Store
    ill: str = ""


class LogServer:
    def __init__(self, settings: Settings) -> None:
        self.url = monitor_url(settings)
        self._http = httpx.AsyncClient(timeout=ANSWERS_WITHIN_S, trust_env=False)
        self._why_unsynced = settings.accept_unsynced

    async def state(self, client: Client) -> ServerState:
        """Raises NotMonitoredError."""
        facts = await server_facts(client, self.url, self._http)
        store = store_of(facts)
        if facts is None or store is None:
            raise NotMonitoredError(
                f"our log server does not answer at {self.url}: set TRIBUNE_NATS_MONITOR_URL, or"
                " say in TRIBUNE_ACCEPT_UNSYNCED why it need not be asked whether it waits for the"
                " disk"
            )
        always = bool(facts["jetstream"]["config"].get("sync_always"))
        return ServerState(always, store, await self._ill())

    async def _ill(self) -> str:
        """A stream that can't be written shows nowhere else."""
        try:
            said = (await self._http.get(f"{self.url}/healthz")).json()
        except (httpx.HTTPError, ValueError):
            return ""
        return "" if said.get("status") == "ok" else str(said.get("error") or "not healthy")

    async def require_sync(self, client: Client) -> str:
        """Why a server that may lose what it acknowledged is accepted; empty if it may not.

        Raises LogDamagedError if it is not accepted, and NotMonitoredError.
        """
        if self._why_unsynced:
            return self._why_unsynced
        if (await self.state(client)).sync_always:
            return ""
        raise LogDamagedError(
            "the log server does not wait for the disk: a power cut would lose acknowledged events."
            " Set `sync_interval: always` in its configuration (or say in"
            " TRIBUNE_ACCEPT_UNSYNCED why this is acceptable here)"
        )

    async def close(self) -> None:
        await self._http.aclose()
