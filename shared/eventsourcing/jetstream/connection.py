"""How every part connects to NATS, with the settings that hold through outages."""

from typing import Any

import nats
from nats.aio.client import Client

CONNECTION_SETTINGS: dict[str, Any] = {
    "max_reconnect_attempts": -1,
    "reconnect_time_wait": 0.25,
    "pending_size": -1,  # a publish during an outage fails at once instead of being sent later
    "ping_interval": 20,
    "max_outstanding_pings": 3,
}

_parse_headers = Client._process_headers


async def _survive_any_headers(client: Client, headers: bytes) -> dict[str, str] | None:
    """nats-py 2.16 stops reading for ever on a status line that is no UTF-8; anybody can send one."""
    try:
        return await _parse_headers(client, headers)  # type: ignore[no-any-return]
    except ValueError:
        return {}


def harden_client() -> None:
    """Make one malformed message unable to silence a connection; for FastStream's client too."""
    Client._process_headers = _survive_any_headers  # type: ignore[method-assign]


async def connect(url: str, name: str) -> Client:
    harden_client()
    return await nats.connect(url, name=name, **CONNECTION_SETTINGS)
