"""Takes apart what the server sends, many messages in one pass, and hands deliveries over."""

import re
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from nats.aio.client import Client
from nats.aio.subscription import Subscription
from nats.errors import ProtocolError
from nats.protocol.parser import CRLF_SIZE, Parser

Deliver = Callable[[bytes, bytes, bytes, bytes], None]
"""Takes the subject, reply subject, header lines and body of a message. It must not raise."""

# The server ends a word at these four alone; nats-py also at other white space, which a subject
# may contain, and then drops the connection again and again.
_WORD, _GAP = rb"([^ \t\r\n]+)", rb"[ \t]+"
_REPLY = rb"(?:" + _WORD + _GAP + rb")?"
_MSG = re.compile(rb"MSG" + _GAP + _WORD + _GAP + _WORD + _GAP + _REPLY + rb"()(\d+)\r\n")
_HMSG = re.compile(
    rb"HMSG" + _GAP + _WORD + _GAP + _WORD + _GAP + _REPLY + rb"(\d+)" + _GAP + rb"(\d+)\r\n"
)
_DELIVERY = re.compile(rb"HMSG ([^ \t\r\n]+) (\d+) (\$JS\.ACK\.[^ \t\r\n]+) (\d+) (\d+)\r\n")
"""What `_HMSG` finds, too; it only is quicker about what comes most."""

_parse_control_line = Parser.parse
_directly: WeakKeyDictionary[Client, dict[bytes, Deliver]] = WeakKeyDictionary()


def deliver_directly(client: Client, subscription: Subscription, deliver: Deliver) -> None:
    """From now on its messages come as they are read, without a queue and a task between."""
    _directly.setdefault(client, {})[b"%d" % subscription._id] = deliver  # noqa: SLF001


def deliver_no_more(client: Client, subscription: Subscription) -> None:
    _directly.get(client, {}).pop(b"%d" % subscription._id, None)  # noqa: SLF001


async def parse(parser: Any, data: bytes = b"") -> None:
    """In place of nats-py's own, which moves all that is left at each message.

    What is not whole yet waits in `parser.buf`, until there are `parser.needed` bytes.
    """
    if parser.buf:
        parser.buf += data
        if len(parser.buf) < parser.needed:
            return
        data = bytes(parser.buf)
    waiting = parser.buf = bytearray()
    parser.needed = 0
    rest = await _take_apart(parser, data)
    if parser.buf is waiting:
        waiting += rest


async def _take_apart(parser: Any, data: bytes) -> bytes:
    """What is left in the end; nothing more is read once the connection begins anew."""
    client, waiting = parser.nc, parser.buf
    directly = _directly.get(client, {})
    at, end, count, size_of_all = 0, len(data), 0, 0
    while at < end and parser.buf is waiting:
        line = _DELIVERY.match(data, at) or _HMSG.match(data, at) or _MSG.match(data, at)
        if line is None:
            after = data.find(b"\n", at) + 1
            if not after:
                break
            await _control_line(parser, data[at:after])
            at = after
            continue
        subject, sid, reply, header_size, size = line.groups()
        begin = line.end()
        body, after = begin + int(header_size or 0), begin + int(size)
        if after + CRLF_SIZE > end:
            parser.needed = after + CRLF_SIZE - at
            break
        at = after + CRLF_SIZE
        deliver = directly.get(sid)
        if deliver is None:
            await client._process_msg(  # noqa: SLF001
                _number(sid), subject, reply or b"", data[body:after], data[begin:body]
            )
        else:
            count += 1
            size_of_all += after - body
            deliver(subject, reply or b"", data[begin:body], data[body:after])
    client.stats["in_msgs"] += count
    client.stats["in_bytes"] += size_of_all
    return data[at:]


def _number(sid: bytes) -> int:
    if not sid.isdigit():
        raise ProtocolError("nats: malformed MSG")
    return int(sid)


async def _control_line(parser: Any, line: bytes) -> None:
    """All but messages nats-py reads itself; what it can make nothing of ends the connection."""
    if line.startswith((b"MSG", b"HMSG")):
        raise ProtocolError("nats: malformed MSG")
    waiting, given = parser.buf, bytearray(line)
    parser.buf = given
    await _parse_control_line(parser)
    if parser.buf is given:
        if given:
            raise ProtocolError("nats: unknown protocol")
        parser.buf = waiting
