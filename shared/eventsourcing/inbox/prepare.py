"""One upstream message made ready: the command that it asks for, or what stands against it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import NamedTuple

from shared.contracts.actor import source as sender
from shared.contracts.identity import command_id
from shared.contracts.receipt import Accepted, Problem, Refused
from shared.contracts.reference import Reference
from shared.eventsourcing.digests import Digests
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.eventsourcing.errors import DomainError
from shared.eventsourcing.inbox.parse import RefusalError, Upstream, parse
from shared.eventsourcing.jetstream.message import Message, stored_at

Translate = Callable[[Upstream, datetime], object]
"""The command of a message, at the moment at which it is taken in; may raise RefusalError."""

Moment = Callable[[Mapping[str, str]], datetime]
"""Now; in a replay the moment that a message's headers name."""

Ahead = Callable[[Sequence[Upstream]], AbstractContextManager[None]]
"""Has what `Translate` needs for a batch by one go, while that is prepared; may raise
TryLaterError."""

Read = Upstream | Exception
"""What a message says, or what stands against reading it."""

LONGEST_KIND = 100


def nothing_ahead(_: Sequence[Upstream]) -> AbstractContextManager[None]:
    return nullcontext()


class Prepared(NamedTuple):
    """`envelope` or `error` is None."""

    message: Message
    kind: str
    ce_id: str | None = None
    envelope: Envelope | None = None
    error: Exception | None = None


class Preparation:
    """Of the messages of one source; pure but for the clock. What the source calls its messages
    comes in by its digest: only receipts name it."""

    def __init__(
        self,
        source: str,
        stream: str,
        translate: Translate,
        moment: Moment,
        digests: Digests,
    ) -> None:
        self._source = source
        self._stream = stream
        self._translate = translate
        self._moment = moment
        self._digests = digests
        self._actor = sender(source)

    def read(self, message: Message) -> Read:
        try:
            return parse(self._source, self._kind(message), message.headers, message.body)
        except Exception as error:  # noqa: BLE001  a fault of ours must cost only this message
            return error

    def prepare(self, message: Message, read: Read) -> Prepared:
        kind = self._kind(message)
        if isinstance(read, Exception):
            ce_id = read.ce_id if isinstance(read, RefusalError) else None
            return Prepared(message, kind, ce_id, error=read)
        try:
            at = self._moment(message.headers)
            command = self._translate(read._replace(came_at=_came_at(message)), at)
        except Exception as error:  # noqa: BLE001  a fault of ours must cost only this message
            return Prepared(message, kind, read.ce_id, error=error)
        return Prepared(message, kind, read.ce_id, self._envelope(message, read, command, at))

    def _kind(self, message: Message) -> str:
        return message.subject.removeprefix(f"inbox.{self._source}.")

    def _envelope(
        self, message: Message, upstream: Upstream, command: object, at: datetime
    ) -> Envelope:
        said, of = upstream.ce_id, upstream.correlation_id
        known_as = self._digests.of("inbox", self._source, said)
        return Envelope(
            command,
            id=known_as,
            correlation_id=known_as if of == said else self._digests.of("inbox", self._source, of),
            causation_id=known_as,
            cause=str(Reference(self._stream, message.sequence)),
            at=at,
            former_id=command_id("inbox", self._source, said),
            actor=self._actor,
        )


def receipt_for(item: Prepared, outcome: Outcome | None) -> Accepted | Refused | Exception:
    """Its receipt; or what failed for a reason of ours, for which nobody is given one."""
    error = item.error or (outcome.error if outcome else None)
    if outcome is not None and error is None:
        return Accepted(
            ce_id=item.ce_id or "",
            inbox_sequence=item.message.sequence,
            kind=item.kind,
            id=outcome.aggregate_id,
            stream=outcome.stream,
            sequence=outcome.sequence,
            duplicate=outcome.duplicate,
        )
    if problem := _problem(error):
        return Refused(
            ce_id=item.ce_id,
            inbox_sequence=item.message.sequence,
            kind=item.kind[:LONGEST_KIND],
            problem=problem,
        )
    return error or RuntimeError("nothing was decided")


def _problem(error: Exception | None) -> Problem | None:
    """A refusal is the sender's to mend; anything else is ours and gets no problem."""
    if isinstance(error, RefusalError):
        return error.problem
    if isinstance(error, DomainError):
        return RefusalError("Forbidden now", str(error)).problem
    return None


def _came_at(message: Message) -> datetime | None:
    """What comes from DEAD comes anew."""
    came = message.reply.startswith("$JS.ACK.")
    return datetime.fromtimestamp(stored_at(message), UTC) if came else None
