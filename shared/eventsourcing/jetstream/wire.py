"""Messages as NATS wants them on the wire, many in one write."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from nats.aio.client import Client
from nats.errors import OutboundBufferLimitError


@dataclass(frozen=True, slots=True)
class Outgoing:
    subject: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def hpub(message: Outgoing, headers: dict[str, str], reply: str = "") -> bytes:
    """One HPUB command; a line break in a value becomes a space, lest it forge a header."""
    lines = "".join(
        f"{name}: {_one_line(value)}\r\n" for name, value in (message.headers | headers).items()
    )
    head = f"NATS/1.0\r\n{lines}\r\n".encode()
    size = len(head) + len(message.body)
    command = f"HPUB {message.subject} {reply} {len(head)} {size}\r\n".encode()
    return b"".join((command, head, message.body, b"\r\n"))


async def write(client: Client, commands: Iterable[bytes]) -> None:
    """All commands at once. Raises OutboundBufferLimitError while there is no connection.

    nats-py checks every header of every message by a regular expression, a tenth of a service's
    time; what comes here is ours and was checked before.
    """
    if not client.is_connected:
        raise OutboundBufferLimitError
    await client._send_command(b"".join(commands))  # noqa: SLF001
    await client._flush_pending()  # noqa: SLF001


def _one_line(value: str) -> str:
    return " ".join(value.splitlines()) if not value.isprintable() else value
