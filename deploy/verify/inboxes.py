"""Inboxes, receipts and the events that they name, against each other."""

import json
from collections.abc import Iterable, Iterator, Mapping

from deploy.verify.case import Case
from deploy.verify.findings import span
from deploy.verify.receipts import InboxMarks
from deploy.verify.scratch import LostRow
from shared.contracts.routing import INBOX, inbox_of, is_inbox, log_of, source_of
from shared.eventsourcing.inbox.parse import is_structured
from shared.eventsourcing.inbox.serve import BATCH

Range = tuple[int, int]

NOTHING = InboxMarks()
IN_HAND = 2 * BATCH


async def check_inboxes(case: Case, marks: Mapping[str, InboxMarks]) -> None:
    """Each message up to the inbox's position has one receipt, or lies in DEAD, or is known to be
    lost; what can't be read of an inbox is told with whether it had been taken in."""
    case.scratch.ready("receipt")
    for source in sorted(_inboxes(case) | marks.keys()):
        stream, of = inbox_of(source), marks.get(source, NOTHING)
        case.say(f"inbox {source}: one receipt for each message")
        if stream in case.ends:
            await _check_messages(case, source, stream, of)
        if of.through > (end := case.ends.get(stream, 0)):
            case.wrong(
                f"the end of {stream}",
                f"{stream} ends at {end:,}, but was taken in up to {of.through:,}",
            )
        case.behind("intake", stream, of.through, end)
        _check_counts(case, source, stream, of)
        case.verdict.looked_at.append(f"inbox {source}: {of.through:,} messages")


def check_answers(case: Case, marks: Mapping[str, InboxMarks]) -> None:
    """Receipts and the events that they name, once both are noted."""
    case.say("receipts and their events")
    case.scratch.ready()
    _check_events(case)
    _check_acceptance(case, {source: marks.get(source, NOTHING) for source in _inboxes(case)})


def _inboxes(case: Case) -> set[str]:
    return {source_of(name) for name in case.ends if is_inbox(name)}


def _check_counts(case: Case, source: str, stream: str, of: InboxMarks) -> None:
    counted = case.scratch.ask(
        "SELECT inbox_sequence, COUNT(*), MAX(at) FROM receipt WHERE source = ?"
        " GROUP BY inbox_sequence ORDER BY inbox_sequence",
        source,
    )
    answered = _told_of_twice(case, stream, of, counted)
    excused = case.scratch.ask(
        "SELECT first, last FROM lost WHERE source = ? UNION ALL"
        " SELECT sequence, sequence FROM dead WHERE service = 'intake' AND stream = ?"
        " ORDER BY 1, 2",
        source,
        stream,
    )
    for first, last in _beside(_missing(answered, of.through), excused):
        have = "has" if first == last else "have"
        line = f"{stream}/{span(first, last)}: {have} 0 receipts"
        case.wrong(f"messages of {stream} without a receipt", line)


async def _check_messages(case: Case, source: str, stream: str, of: InboxMarks) -> None:
    """A receipt is that of the message which has its number: an inbox that was begun anew behind
    our back would count from 1 again. What was deleted could not be answered once more."""
    answered = case.scratch.ask(
        "SELECT inbox_sequence, ce_id FROM receipt WHERE source = ? ORDER BY inbox_sequence", source
    )
    number, ce_id = next(answered, (0, ""))
    follows, reached = 1, of.reached
    async for batch in case.read(stream, headers_only=True, deleted_through=reached):
        for message in batch:
            if message.sequence > follows:
                _excuse(case, source, of, (follows, message.sequence - 1))
            follows = message.sequence + 1
            while number and number < message.sequence:
                number, ce_id = next(answered, (0, ""))
            told = None if is_structured(message.headers) else message.headers.get("ce-id")
            if number == message.sequence and ce_id and told and told != ce_id:
                line = f"{stream}/{number}: its receipt is that of another message"
                case.wrong(f"receipts of other messages in {stream}", line)
    _excuse(case, source, of, (follows, reached))


def _excuse(case: Case, source: str, of: InboxMarks, gone: Range) -> None:
    """Of messages that are gone, those whose receipts were withdrawn have no others."""
    for withdrawn in of.withdrawn:
        first, last = max(withdrawn[0], gone[0]), min(withdrawn[1], gone[1])
        if first <= last:
            case.scratch.add(LostRow(source, first, last))


def _check_ends(case: Case, marks: Mapping[str, InboxMarks]) -> None:
    """A death may leave the events of what was in hand without receipts, and no more than that."""
    furthest = dict(
        case.scratch.ask(
            "SELECT cause_stream, MAX(cause_sequence) FROM event"
            " WHERE cause_stream IN (SELECT value FROM json_each(?)) GROUP BY cause_stream",
            json.dumps([inbox_of(source) for source in marks]),
        )
    )
    for source, of in marks.items():
        if (highest := furthest.get(inbox_of(source), 0)) > of.reached + IN_HAND:
            case.wrong(
                "the end of RECEIPTS",
                f"RECEIPTS: the newest of {source} are gone: INTAKE has events of messages up to"
                f" {highest:,}, and receipts reach to {of.reached:,}",
            )


def _told_of_twice(
    case: Case, stream: str, of: InboxMarks, counted: Iterable[tuple[int, int, int]]
) -> Iterator[int]:
    for sequence, count, at in counted:
        if count > 1:
            line = f"{stream}/{sequence}: has {count} receipts, the last at RECEIPTS/{at}"
            case.wrong(f"messages of {stream} with several receipts", line)
        if sequence > of.through:
            line = f"{stream}/{sequence}: has a receipt, though only {of.through:,} were taken in"
            case.wrong(f"receipts of {stream} ahead of its position", line)
        yield sequence


def _missing(answered: Iterator[int], through: int) -> Iterator[Range]:
    """Of 1 to `through`, in order. Ranges, for they may be as long as a log."""
    expected = 1
    for sequence in answered:
        if expected < sequence and expected <= through:
            yield expected, min(sequence - 1, through)
        expected = max(expected, sequence + 1)
    if expected <= through:
        yield expected, through


def _beside(ranges: Iterable[Range], others: Iterator[Range]) -> Iterator[Range]:
    """What of the ranges the others do not cover; both are in order."""
    other = next(others, None)
    for first, last in ranges:
        start = first
        while other and other[0] <= last:
            if start < other[0]:
                yield start, other[0] - 1
            start = max(start, other[1] + 1)
            if other[1] > last:
                break
            other = next(others, None)
        if start <= last:
            yield start, last


def _check_events(case: Case) -> None:
    """What a receipt names is there, and came of the very message unless it says `duplicate`."""
    lost = case.scratch.ask(
        "SELECT receipt.source, receipt.inbox_sequence, receipt.at, receipt.stream,"
        " receipt.sequence, event.stream IS NULL FROM receipt LEFT JOIN event"
        " ON event.stream = receipt.stream AND event.sequence = receipt.sequence"
        " WHERE receipt.is_accepted AND (event.stream IS NULL OR event.aggregate <> receipt.id"
        " OR (NOT receipt.is_duplicate AND (event.cause_sequence <> receipt.inbox_sequence"
        " OR event.cause_stream <> 'INBOX_' || UPPER(receipt.source))))"
        " ORDER BY receipt.at, receipt.inbox_sequence"
    )
    for source, message, at, stream, sequence, is_gone in lost:
        what = "is not there" if is_gone else "is another one"
        line = (
            f"RECEIPTS/{at}: names {stream}/{sequence} for message {message} of {source}, which"
            f" {what}"
        )
        case.wrong("receipts that point at nothing", line)


def _check_acceptance(case: Case, marks: Mapping[str, InboxMarks]) -> None:
    """An event that came of a message has that message's acceptance, once the inbox is so far."""
    log, streams = log_of("intake"), json.dumps([inbox_of(source) for source in marks])
    _check_ends(case, marks)
    unknown = case.scratch.ask(
        "SELECT sequence, cause_stream, cause_sequence FROM event WHERE stream = ?"
        " AND cause_stream IN (SELECT value FROM json_each(?)) AND NOT EXISTS (SELECT 1"
        " FROM receipt WHERE source = LOWER(SUBSTR(cause_stream, ?))"
        " AND inbox_sequence = event.cause_sequence AND is_accepted)"
        " AND NOT EXISTS (SELECT 1 FROM lost WHERE source = LOWER(SUBSTR(cause_stream, ?))"
        " AND event.cause_sequence BETWEEN first AND last) ORDER BY 1",
        log,
        streams,
        len(INBOX) + 1,
        len(INBOX) + 1,
    )
    for sequence, stream, message in unknown:
        is_taken_in = message <= marks[source_of(stream)].through
        if is_taken_in and not case.scratch.is_dead("intake", stream, message):
            line = f"{log}/{sequence} came of {stream}/{message}, which no receipt accepts"
            case.wrong("events without an acceptance", line)
