"""Reads RECEIPTS: which message of which inbox has which receipt, and how far each inbox is."""

from dataclasses import dataclass, field

from pydantic import TypeAdapter

from deploy.verify.case import Case
from deploy.verify.findings import span
from deploy.verify.scratch import LostRow, ReceiptRow
from shared.contracts.receipt import Receipts
from shared.contracts.routing import log_of
from shared.contracts.values import Sequence
from shared.eventsourcing.inbox.receipts import FURTHEST, THROUGH, WROTE
from shared.eventsourcing.jetstream.reader import Message

NUMBER: TypeAdapter[int] = TypeAdapter(Sequence)


@dataclass
class InboxMarks:
    """`through` is the sequence up to which every message has its receipt, `reached` the highest
    that it ever was; `withdrawn` are those that were answered once, and then again if they were
    still there."""

    through: int = 0
    reached: int = 0
    wrote: int = 0
    withdrawn: list[tuple[int, int]] = field(default_factory=list)


async def read_receipts(case: Case) -> dict[str, InboxMarks]:
    """By source; the receipts themselves go into the scratch."""
    found: dict[str, InboxMarks] = {}
    if "RECEIPTS" not in case.ends:
        return found
    case.say("receipts")
    count, log = 0, log_of("intake")
    async for batch in case.read("RECEIPTS"):
        for message in batch:
            try:
                count += _take(case, found, message)
            except ValueError as error:
                where, kind = f"RECEIPTS/{message.sequence}", type(error).__name__
                case.wrong("receipts that can't be read", f"{where}: is no receipt ({kind})")
    case.verdict.looked_at.append(f"RECEIPTS: {count:,} receipts")
    for source, marks in found.items():
        if marks.wrote > (end := case.ends.get(log, 0)):
            case.wrong(
                f"receipts beyond the end of {log}",
                f"{log} ends at {end:,}, but receipts of {source} were given for events up to"
                f" {marks.wrote:,}",
            )
    return found


def _take(case: Case, found: dict[str, InboxMarks], message: Message) -> int:
    """One message of RECEIPTS; how many receipts are in it."""
    _, source, sort, *_ = message.subject.split(".")
    batch = Receipts.model_validate_json(message.body)
    if sort != "redriven":
        _move(case, source, found.setdefault(source, InboxMarks()), batch, message)
    for accepted in batch.accepted:
        case.scratch.add(
            ReceiptRow(
                source,
                accepted.inbox_sequence,
                message.sequence,
                accepted.ce_id,
                is_accepted=True,
                id=accepted.id,
                stream=accepted.stream,
                sequence=accepted.sequence,
                is_duplicate=accepted.duplicate,
            )
        )
    for refused in batch.refused:
        case.scratch.add(
            ReceiptRow(
                source,
                refused.inbox_sequence,
                message.sequence,
                refused.ce_id or "",
                is_accepted=False,
            )
        )
    return len(batch.accepted) + len(batch.refused)


def _move(case: Case, source: str, marks: InboxMarks, batch: Receipts, message: Message) -> None:
    """Raises ValueError before anything is noted."""
    through, wrote = _number(message, THROUGH), _wrote(marks, batch, message)
    if batch.withdrawn_after is not None:
        case.scratch.forget_receipts(source, batch.withdrawn_after, through)
        if FURTHEST in message.headers:
            reached = max(_number(message, FURTHEST), marks.reached)
            marks.withdrawn.append((batch.withdrawn_after + 1, reached))
            marks.reached = reached
    elif through < marks.through:
        line = f"RECEIPTS/{message.sequence}: moves {source} back to {span(through, through)}"
        case.wrong("receipts that move an inbox back", line)
    if batch.expired:
        case.scratch.add(LostRow(source, through - batch.expired + 1, through))
    marks.through, marks.wrote = through, wrote
    marks.reached = max(through, marks.reached)


def _wrote(marks: InboxMarks, batch: Receipts, message: Message) -> int:
    """Receipts of an older version name it only by their events."""
    if WROTE in message.headers:
        return _number(message, WROTE)
    return max(marks.wrote, *(accepted.sequence for accepted in batch.accepted), 0)


def _number(message: Message, header: str) -> int:
    return NUMBER.validate_strings(message.headers.get(header, ""))
