"""How large a message is for the inbox it is to go into, as the server counts it in a batch."""

from shared.eventsourcing.jetstream.wire import Outgoing, hpub

IN_A_BATCH = {
    "Nats-Batch-Id": "0" * 32,
    "Nats-Batch-Sequence": "0000",
    "Nats-Batch-Commit": "1",
}


def too_large_by(message: Outgoing, most: int) -> int:
    """Its size, if that is more than `most`; else 0, as where there is no limit."""
    if not 0 < most < _at_most(message):
        return 0
    size = size_of(message)
    return size if size > most else 0


def size_of(message: Outgoing) -> int:
    """Body and headers, those of a batch too."""
    command = hpub(message, IN_A_BATCH)
    return int(command[: command.index(b"\r\n")].rpartition(b" ")[2])


def _at_most(message: Outgoing) -> int:
    """A limit of its size that is quickly found: no character has more than four bytes."""
    headers = sum(len(name) + len(value) + 1 for name, value in message.headers.items())
    return len(message.body) + 4 * headers + 500
