"""The state of the suite at a glance: streams, consumers with their lag, dead letters, services."""

from dataclasses import asdict
from typing import Any

from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from deploy.asking import ask
from deploy.lag import Lag, lags_of_flows
from deploy.suite import SERVICES
from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.streams import suite_streams


async def status(client: Client, sources: list[str]) -> dict[str, Any]:
    """`streams`, `readers`, `dead` and `services` (None for one that does not answer)."""
    streams = []
    for config in suite_streams(sources):
        name = str(config.name)
        try:
            state = (await client.jetstream().stream_info(name)).state
        except NotFoundError:
            streams.append({"stream": name, "declared": False})
            continue
        streams.append(
            {
                "stream": name,
                "declared": True,
                "messages": state.messages,
                "last_sequence": state.last_seq,
                "bytes": state.bytes,
            }
        )
    return {
        "streams": streams,
        "readers": [asdict(lag) | {"lag": lag.behind} for lag in await _readers(client)],
        "dead": next(
            (s["messages"] for s in streams if s["stream"] == "DEAD" and s["declared"]), 0
        ),
        "services": {service: await _service(client, service) for service in SERVICES},
    }


async def _readers(client: Client) -> list[Lag]:
    """Reactions and relays; read models say it themselves."""
    try:
        return await lags_of_flows(client)
    except LogDamagedError:
        return []


async def _service(client: Client, service: str) -> Any:
    try:
        return await ask(client, service, within_s=2)
    except (NatsError, TimeoutError):
        return None
