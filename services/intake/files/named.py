"""Which files reports name, as far as the log was read."""

from shared.contracts.report import FileAttached
from shared.eventsourcing.codec import PLAIN
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import last_under
from shared.eventsourcing.jetstream.objects import Stored
from shared.eventsourcing.jetstream.reader import ReadFrom, open_reader


class NamedFiles:
    """It asks the log, not rows: rows that are being made anew would know of none."""

    def __init__(self, client: Client, log: str) -> None:
        self._client = client
        self._log = log
        self._named = set[str]()
        self._read_to = 0

    def has(self, stored: Stored) -> bool:
        report_id, digest, _ = stored.name.split("/")
        return f"{report_id}/{digest}" in self._named

    async def read(self) -> None:
        """To the end that it has now. Raises what the log does."""
        filters = (FileAttached.filter(),)
        goal = await last_under(self._client, self._log, filters)
        if goal <= self._read_to:
            return
        source = ReadFrom(self._log, self._read_to + 1, filters=filters)
        async with open_reader(self._client, source) as reader:
            async for batch in reader.through(goal):
                for message in batch:
                    event = PLAIN.decode(message.headers, message.body, message.sequence).event
                    assert isinstance(event, FileAttached)  # noqa: S101  the filter lets no other by
                    self._named.add(f"{event.report_id}/{event.digest}")
        self._read_to = goal
