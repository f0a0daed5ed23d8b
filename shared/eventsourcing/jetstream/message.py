"""One message of a stream as its readers see it, and what a reader is to read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shared.eventsourcing.headers import HeaderLines


class Message(NamedTuple):
    """One message of a stream; `pending` is how many follow, `reply` where to acknowledge it,
    `delivery` counts what its consumer was sent."""

    subject: str
    headers: Mapping[str, str]
    body: bytes
    sequence: int
    pending: int = 0
    reply: str = ""
    delivery: int = 0


@dataclass(frozen=True)
class ReadFrom:
    """What to read: whole streams when `filters` is empty. With a `name` the server shows, for
    operators, who reads and how far; where reading starts is always ours to say.

    `around_gaps`: what is missing is passed over; for those who look at all that is there.
    `gaps_through`: up to there it is passed over by whoever else minds.
    """

    stream: str
    start: int
    name: str = ""
    filters: Sequence[str] = ()
    batch: int = 1000
    headers_only: bool = False
    around_gaps: bool = False
    gaps_through: int = 0

    @property
    def refuses_gaps(self) -> bool:
        return not self.filters and not self.around_gaps


def stored_at(message: Message) -> float:
    """When the server took a message that a reader was given, in seconds since 1970."""
    tokens = message.reply.split(".")
    return int(tokens[_offset(len(tokens)) + 2]) / 10**9


def message_of(subject: bytes, reply: bytes, lines: bytes, body: bytes) -> Message:
    """Sequences and how many are pending stand in the reply subject, in one of two forms.

    Raises ValueError if they do not.
    """
    tokens = reply.split(b".")
    offset = _offset(len(tokens))
    sequence, delivery, _, pending = tokens[offset : offset + 4]
    return Message(
        str(subject, "utf-8", "replace"),
        HeaderLines(lines),
        body,
        int(sequence),
        int(pending),
        str(reply, "utf-8", "replace"),
        int(delivery),
    )


def _offset(tokens: int) -> int:
    """The longer form names domain and account."""
    return 5 if tokens == 9 else 7  # noqa: PLR2004
