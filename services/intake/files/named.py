"""Which files reports and findings name, as far as the log was read."""

from shared.contracts.checking import FindingPictured
from shared.contracts.event import Event
from shared.contracts.report import FileAttached
from shared.eventsourcing.codec import PLAIN
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import last_under
from shared.eventsourcing.jetstream.objects import Stored
from shared.eventsourcing.jetstream.reader import ReadFrom, open_reader

NAMING = (FileAttached, FindingPictured)


class NamedFiles:
    """It asks the log, not rows: rows that are being made anew would know of none."""

    def __init__(self, client: Client, log: str) -> None:
        self._client = client
        self._log = log
        self._named = set[str]()
        self._read_to = 0

    def has(self, stored: Stored) -> bool:
        return stored.name.rpartition("/")[0] in self._named

    async def read(self) -> None:
        """To the end that it has now. Raises what the log does."""
        filters = tuple(each.filter() for each in NAMING)
        goal = await last_under(self._client, self._log, filters)
        if goal <= self._read_to:
            return
        source = ReadFrom(self._log, self._read_to + 1, filters=filters)
        async with open_reader(self._client, source) as reader:
            async for batch in reader.through(goal):
                for message in batch:
                    event = PLAIN.decode(message.headers, message.body, message.sequence).event
                    self._named.add(named_in(event))
        self._read_to = goal


def named_in(event: Event) -> str:
    """How a file that an event names begins in the store, of one that is `NAMING`."""
    match event:
        case FileAttached():
            return f"{event.report_id}/{event.digest}"
        case FindingPictured():
            return f"{event.member_id}/{event.digest}"
        case _:
            raise TypeError(event.type_name())
