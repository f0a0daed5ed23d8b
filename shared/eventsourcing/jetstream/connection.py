"""How every part connects to NATS, with the settings that hold through outages."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nats
from nats.aio import client as nats_client
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.protocol.parser import Parser

from shared.eventsourcing.headers import read_headers
from shared.eventsourcing.jetstream import protocol
from shared.eventsourcing.jetstream.cancelled import heed_cancellations
from shared.eventsourcing.jetstream.credentials import Credentials, callbacks
from shared.eventsourcing.jetstream.tls import tls_settings

__all__ = ["CONNECTION_SETTINGS", "Client", "connect", "follow_address", "harden_client"]

CONNECTION_SETTINGS: dict[str, Any] = {
    "max_reconnect_attempts": -1,
    "reconnect_time_wait": 0.25,
    "pending_size": -1,  # a publish during an outage fails at once instead of being sent later
    "ping_interval": 20,
    "max_outstanding_pings": 3,
}

READ_AT_ONCE = 256 * 1024
"""In bytes; nats-py's 32 KiB are some thirty messages."""

_STATUS_LINE = b"NATS/1.0 "
_parse_status = Client._process_headers  # noqa: SLF001


async def _parse_headers(client: Client, headers: bytes) -> dict[str, str] | None:
    """nats-py 2.16 stops reading for ever on a status line that is no UTF-8; anybody can send one.

    Ordinary headers are read here in one go: nats-py's own way took a fifth of a service's time.
    """
    if not headers:
        return None
    if headers.startswith(_STATUS_LINE):
        try:
            return await _parse_status(client, headers)
        except (ValueError, IndexError):
            return {}
    return read_headers(headers)


def _build_message(
    client: Client,
    sid: int,
    subject: bytes,
    reply: bytes,
    data: bytes,
    headers: dict[str, str] | None,
) -> Msg:
    """nats-py stops reading for ever on a subject that is no UTF-8, too."""
    return client.msg_class(
        subject=subject.decode("utf-8", "replace"),
        reply=reply.decode("utf-8", "replace"),
        data=data,
        headers=headers,
        _client=client,
        _sid=sid,
    )


async def _send_ping(client: Client, answered: asyncio.Future[bool] | None = None) -> None:
    """nats-py's own ping overtakes what was published or subscribed to just before, so that after
    `flush` the server need not know of it yet."""
    client._pongs.append(answered or asyncio.get_running_loop().create_future())  # noqa: SLF001
    await client._send_command(b"PING\r\n")  # noqa: SLF001
    await client._flush_pending()  # noqa: SLF001


def _is_news(record: logging.LogRecord) -> bool:
    """With each connection by TLS that ends asyncio warns that it ends."""
    return not str(record.msg).startswith("returning true from eof_received()")


def harden_client() -> None:
    """Make one malformed message unable to silence a connection, `flush` mean what it says, and
    a cancellation count; for FastStream's client too."""
    logging.getLogger("asyncio").addFilter(_is_news)
    heed_cancellations()
    Client._send_ping = _send_ping  # type: ignore[method-assign,assignment]  # noqa: SLF001
    Parser.parse = protocol.parse  # type: ignore[method-assign,assignment]
    nats_client.DEFAULT_BUFFER_SIZE = READ_AT_ONCE
    Client._build_message = _build_message  # type: ignore[method-assign,assignment]  # noqa: SLF001
    Client._process_headers = _parse_headers  # type: ignore[method-assign,assignment]  # noqa: SLF001


async def connect(
    url: str,
    name: str,
    credentials: Credentials | Path | None = None,
    *,
    authority: Path | None = None,
    once: bool = False,
) -> Client:
    """`once`: a server that is not there is an error at once; one that goes away later is waited
    for, as without it. Without credentials only a server that is not locked lets us in. By TLS the
    server's certificate has to be one that `authority` vouches for.

    Raises CredentialsError and AuthorityError.
    """
    harden_client()
    common = CONNECTION_SETTINGS | {"name": name} | tls_settings(url, authority)
    if credentials is not None:
        common["user_jwt_cb"], common["signature_cb"] = callbacks(credentials)
    if not once:
        return await nats.connect(url, **common)
    settings = common | {
        "allow_reconnect": False,
        "max_reconnect_attempts": 1,
        "connect_timeout": 5,
    }
    client = await nats.connect(url, error_cb=_say_nothing, **settings)
    client.options["allow_reconnect"] = True
    client.options["max_reconnect_attempts"] = CONNECTION_SETTINGS["max_reconnect_attempts"]
    return client


def follow_address(client: Client, address: Callable[[], str]) -> None:
    """Where the server begins again at another address, the connection goes there: with each try
    that fails it is asked for anew. Nothing, as long as nobody knows."""
    told = client._error_cb  # noqa: SLF001

    async def look(error: Exception) -> None:
        await told(error)
        if client.is_reconnecting and (found := address()):
            server = nats_client.Srv(client._parse_server_uri(found))  # noqa: SLF001
            pool = client._server_pool  # noqa: SLF001
            if [each.uri for each in pool] != [server.uri]:
                pool[:] = [server]

    client._error_cb = look  # noqa: SLF001


async def _say_nothing(_: Exception) -> None:
    """What goes wrong is raised; nats-py would print its own traceback besides."""
