"""Which streams there are of whom: the log of a service, where an aggregate lives, an inbox."""

from zlib import crc32

INBOX, TOLD = "INBOX_", "RECEIPTS_"

RECEIPTS = "RECEIPTS"
"""The one stream of the receipts of all sources; what each is told stands in `told_of` it."""

WRITERS = ("intake", "promotion", "publishing", "gate", "public")
"""The first part of the names of all events: each has a log of its own."""

PARTITIONED: dict[str, tuple[str, ...]] = {}
"""Logs that are made of several streams; any other is one stream with the writer's name."""


class PartitionedError(Exception):
    """Who asks keeps one position, and the log is made of several streams."""


def streams_of(writer: str) -> tuple[str, ...]:
    return PARTITIONED.get(writer) or (writer.upper(),)


def stream_of(writer: str, aggregate_id: str) -> str:
    """For ever the same: an aggregate's events stand in one stream, which checks their order.
    Aggregates with the same id stand together, whatever their kind."""
    streams = PARTITIONED.get(writer)
    if streams is None:
        return writer.upper()
    return streams[crc32(aggregate_id.encode()) % len(streams)]


def log_of(writer: str) -> str:
    """The one stream of a log. Raises PartitionedError where there are several."""
    first, *others = streams_of(writer)
    if others:
        raise PartitionedError(f"the log of {writer} is made of {len(others) + 1} streams")
    return first


def logs() -> tuple[str, ...]:
    """The streams of all logs, what is derived last."""
    return tuple(stream for writer in WRITERS for stream in streams_of(writer))


def inbox_of(source: str) -> str:
    """The stream that an upstream source sends to."""
    return f"{INBOX}{source.upper()}"


def told_of(source: str) -> str:
    """The stream in which an upstream source reads its receipts."""
    return f"{TOLD}{source.upper()}"


def is_told(stream: str) -> bool:
    return stream.startswith(TOLD)


def is_inbox(stream: str) -> bool:
    return stream.startswith(INBOX)


def source_of(inbox: str) -> str:
    """Whose inbox a stream is."""
    return inbox.removeprefix(INBOX).lower()
