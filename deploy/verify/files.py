"""Files that reports name: whether each is whole, unless its report was erased."""

from deploy.looking.reading import messages
from deploy.verify.case import Case
from shared.contracts.event import Event
from shared.contracts.report import FileAttached, ReportErased
from shared.contracts.routing import log_of
from shared.eventsourcing.errors import UnreadableEventError
from shared.eventsourcing.jetstream.objects import ATTACHMENTS, Objects
from shared.eventsourcing.jetstream.reader import Message

INTAKE = log_of("intake")


async def check_files(case: Case) -> None:
    """Nobody here can open one: that it has the bytes that were put there is what can be told."""
    objects, count, missing = Objects(case.client, ATTACHMENTS), 0, dict[str, list[int]]()
    async for message in messages(case.client, INTAKE, (FileAttached.filter(),)):
        event = _event(case, message)
        if message.sequence > case.ends.get(INTAKE, 0) or not isinstance(event, FileAttached):
            continue
        count += 1
        if await objects.get(f"{event.report_id}/{event.digest}/whole") is None:
            missing.setdefault(event.report_id, []).append(message.sequence)
    if missing:
        async for message in messages(case.client, INTAKE, (ReportErased.filter(),)):
            event = _event(case, message)
            missing.pop(event.aggregate_id if event else "", None)
    for sequence in sorted(each for found in missing.values() for each in found):
        line = f"{INTAKE}/{sequence}: its file is gone, or not whole"
        case.wrong("files that are not whole", line)
    if count:
        case.verdict.looked_at.append(f"{objects.stream}: {count:,} files that reports name")


def _event(case: Case, message: Message) -> Event | None:
    """What can't be read the proof of the log tells."""
    try:
        return case.codec.decode(message.headers, message.body, message.sequence).event
    except UnreadableEventError:
        return None
