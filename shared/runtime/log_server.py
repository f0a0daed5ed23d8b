"""What the log server says of itself on its monitoring port: how it syncs, how full it is."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from shared.eventsourcing.errors import LogDamagedError
from shared.runtime.settings import Settings

MONITORING_PORT = 8222
ANSWERS_WITHIN_S = 3.0


class NotMonitoredError(Exception):
    """Nobody answers on the monitoring port."""


@dataclass(frozen=True)
class ServerState:
    """`stored` and `most` in bytes; `ill` is what the server says is wrong with it, if anything."""

    sync_always: bool
    stored: int
    most: int
    ill: str = ""


class LogServer:
    def __init__(self, settings: Settings) -> None:
        host = urlsplit(settings.nats_url.get_secret_value()).hostname or "127.0.0.1"
        self.url = settings.nats_monitor_url or f"http://{host}:{MONITORING_PORT}"
        self._why_unsynced = settings.accept_unsynced

    async def state(self) -> ServerState:
        """Raises NotMonitoredError."""
        try:
            async with httpx.AsyncClient(timeout=ANSWERS_WITHIN_S) as http:
                told = (await http.get(f"{self.url}/varz")).json()["jetstream"]
                health = (await http.get(f"{self.url}/healthz")).json()
        except (httpx.HTTPError, ValueError, KeyError) as error:
            kind = type(error).__name__
            raise NotMonitoredError(
                f"nobody answers at {self.url} ({kind}): set TRIBUNE_NATS_MONITOR_URL, or say in"
                " TRIBUNE_ACCEPT_UNSYNCED why it need not be asked whether it waits for the disk"
            ) from None
        ill = "" if health.get("status") == "ok" else str(health.get("error") or "not healthy")
        config, stats = told["config"], told["stats"]
        always = bool(config.get("sync_always"))
        return ServerState(always, int(stats["storage"]), int(config["max_storage"]), ill)

    async def require_sync(self) -> str:
        """Why a server that may lose what it acknowledged is accepted; empty if it may not.

        Raises LogDamagedError if it is not accepted, and NotMonitoredError.
        """
        if self._why_unsynced:
            return self._why_unsynced
        if (await self.state()).sync_always:
            return ""
        raise LogDamagedError(
            "the log server does not wait for the disk: a power cut would lose acknowledged events."
            " Set `sync_interval: always` in its configuration (or say in"
            " TRIBUNE_ACCEPT_UNSYNCED why this is acceptable here)"
        )
