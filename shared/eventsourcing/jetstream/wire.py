"""Messages as NATS wants them on the wire, many in one write."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from nats.aio.client import Client
from nats.errors import BadSubjectError, OutboundBufferLimitError


@dataclass(slots=True)
class Outgoing:
    subject: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def hpub(message: Outgoing, more: dict[str, str], reply: str = "") -> bytes:
    """One HPUB command; a line break in a value becomes a space, so that no value forges a header.

    Raises BadSubjectError on one that could forge a command.
    """
    subject = message.subject
    if " " in subject or not (subject.isascii() and subject.isprintable()):
        raise BadSubjectError
    headers = message.headers | more
    lines = _lines(headers)
    if lines.count("\n") != len(headers) or lines.count("\r") != len(headers):
        lines = _lines({name: " ".join(value.splitlines()) for name, value in headers.items()})
    head = f"NATS/1.0\r\n{lines}\r\n".encode()
    size = len(head) + len(message.body)
    command = f"HPUB {subject} {reply} {len(head)} {size}\r\n".encode()
    return b"".join((command, head, message.body, b"\r\n"))


def one_line(text: str) -> str:
    """Without anything that could steer a terminal, or begin another line."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _lines(headers: dict[str, str]) -> str:
    return "".join([f"{name}: {value}\r\n" for name, value in headers.items()])


async def write(client: Client, commands: Iterable[bytes]) -> None:
    """All commands at once. Raises OutboundBufferLimitError while there is no connection.

    nats-py checks every header of every message by a regular expression, a tenth of a service's
    time; what comes here is ours and was checked before.
    """
    if not client.is_connected:
        raise OutboundBufferLimitError
    await client._send_command(b"".join(commands))  # noqa: SLF001
    await client._flush_pending()  # noqa: SLF001
