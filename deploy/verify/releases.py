"""What the releases of the gate had to let out: computed again from the logs, event by event."""

from nats.js.errors import NotFoundError

from deploy.suite import ledger
from deploy.verify.case import Case
from deploy.verify.scratch import ExpectedRow
from services.publishing.release.book import Out
from services.publishing.release.releases import NAME
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent

PUBLIC, MADE = log_of("public"), log_of("gate")


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
    before = 0
    for id_, event in out:
        at = next(
            case.scratch.ask("SELECT sequence FROM event WHERE stream = ? AND id = ?", PUBLIC, id_),
            None,
        )
        if at is None:
            continue
        where = f"{PUBLIC}/{at[0]}"
        if at[0] < before:
            case.wrong("order of what was released", f"{where}: tells an order of its own")
        before = max(before, at[0])
        try:
            raw = await case.client.jetstream().get_msg(PUBLIC, at[0], direct=True)
            there = case.codec.decode(raw.headers or {}, raw.data or b"", at[0])
        except NotFoundError:
            continue
        if (there.event, there.recorded_at) != (event, made.recorded_at):
            line = f"{where}: {MADE}/{made.sequence} lets something else out"
            case.wrong("what was released and is another now", line)
        case.moved("", 0, 0)
