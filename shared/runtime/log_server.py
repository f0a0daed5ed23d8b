"""Asks the log server's monitoring whether it waits for the disk, how full and how well it is."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
from nats.aio.client import Client

from shared.eventsourcing.errors import LogDamagedError
from shared.runtime.monitoring import (
    ANSWERS_WITHIN_S,
    CANT_WRITE,
    LEAST_ROOM,
    Store,
    illness,
    monitor_url,
    server_facts,
    store_of,
)
from shared.runtime.settings import Settings
from shared.runtime.sizes import in_words
from shared.runtime.this_machine import is_loopback
from shared.web.now import Now, utc_now


class NotMonitoredError(Exception):
    """Our server does not answer on its monitoring port."""


@dataclass(frozen=True)
class ServerState:
    """`ill` is what the server says is wrong with it, if anything; `store` is what it may store, or
    less where the disk has no room for that. `ahead_s` is how far our clock is before its own."""

    sync_always: bool
    store: Store
    ill: str = ""
    ahead_s: float = 0.0

    @property
    def cant_write(self) -> bool:
        """Then also what it tells of its streams is not what is on the disk."""
        return CANT_WRITE in self.ill


class LogServer:
    def __init__(self, settings: Settings, now: Now = utc_now) -> None:
        self._now = now
        self.url = monitor_url(settings)
        self._http = httpx.AsyncClient(timeout=ANSWERS_WITHIN_S, trust_env=False)
        self._why_unsynced = settings.accept_unsynced
        self._folder: Path | None = None
        self.has_answered = False

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
        self.has_answered = True
        self._folder = self._on_this_machine(facts["jetstream"]["config"].get("store_dir", ""))
        ahead_s = self._ahead_s(str(facts.get("now", "")))
        return ServerState(always, self._with_the_disk(store), await self._ill(), ahead_s)

    def _ahead_s(self, its_now: str) -> float:
        """Less what the question took; nothing where it tells no time."""
        try:
            return (self._now() - datetime.fromisoformat(its_now)).total_seconds()
        except (ValueError, TypeError):
            return 0.0

    def why_away(self) -> str:
        """What keeps our server from running, if that can be seen from here."""
        if self._folder is None or (left := _free(self._folder)) >= LEAST_ROOM:
            return ""
        return (
            f"the disk of {self._folder} is full, {in_words(left)} are free. The log server can't"
            f" run with less than {in_words(LEAST_ROOM)}; it starts by itself once there is room"
        )

    def _on_this_machine(self, folder: str) -> Path | None:
        here = is_loopback(self.url) and folder and Path(folder).exists()
        return Path(folder) if here else None

    def _with_the_disk(self, store: Store) -> Store:
        if self._folder is None:
            return store
        return Store(store.used, min(store.most, store.used + _free(self._folder)))

    async def _ill(self) -> str:
        try:
            return await illness(self._http, self.url)
        except httpx.HTTPError:
            return ""

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


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return LEAST_ROOM
