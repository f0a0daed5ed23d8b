"""What the releases of the gate had to let out: computed again from the logs, event by event."""

from contextlib import aclosing

from deploy.looking.reading import batches
from deploy.suite import ledger
from deploy.verify.case import Case
from deploy.verify.scratch import ExpectedRow
from services.publishing.release.book import Out
from services.publishing.release.releases import NAME
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.errors import NewerEventError, UnreadableEventError
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.jetstream.reader import Message

PUBLIC, MADE = log_of("public"), log_of("gate")
THERE = "SELECT sequence FROM event WHERE stream = ? AND id = ?"


async def note_releases(case: Case) -> None:
    """After PUBLIC was read; nothing is known where the release key is not."""
    found = ledger(case.client, case.settings, case.codec)
    if found is None or not case.ends.get(MADE):
        return
    case.say("releases: what each lets out, computed again")
    await found.look()
    for made in found.made:
        if made.sequence > case.ends[MADE]:
            break
        out = await found.let_out(made)
        is_due = made.sequence <= case.positions[NAME].sequence
        for id_, _ in out:
            case.scratch.add(ExpectedRow(NAME, PUBLIC, id_, MADE, made.sequence, is_due))
        await _compare(case, made, out)


async def _compare(case: Case, made: RecordedEvent, out: Out) -> None:
    """What is there has to say the same, in the same order; what is missing is told elsewhere."""
    told: dict[int, Event] = {}
    before = 0
    for id_, event in out:
        for (at,) in case.scratch.ask(THERE, PUBLIC, id_):
            if at < before:
                line = f"{PUBLIC}/{at}: tells an order of its own"
                case.wrong("order of what was released", line)
            before = max(before, at)
            told[at] = event
    if not told:
        return
    there = batches(case.client, PUBLIC, max(told), start=min(told))
    async with aclosing(there) as found:
        async for batch in found:
            case.moved("", 0, 0)
            for message in batch:
                if message.sequence in told:
                    _same(case, made, told[message.sequence], message)


def _same(case: Case, made: RecordedEvent, event: Event, message: Message) -> None:
    try:
        there = case.codec.decode(message.headers, message.body, message.sequence)
    except (UnreadableEventError, NewerEventError):  # told where PUBLIC was read
        return
    if (there.event, there.recorded_at) != (event, made.recorded_at):
        line = f"{PUBLIC}/{message.sequence}: {MADE}/{made.sequence} lets something else out"
        case.wrong("what was released and is another now", line)
