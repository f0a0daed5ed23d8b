"""What can be read of a batch of messages, for all read models at once."""

from collections.abc import Sequence
from typing import NamedTuple

from shared.eventsourcing.codec import Codec
from shared.eventsourcing.errors import UnreadableEventError
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.jetstream.reader import Message


class Decoded(NamedTuple):
    """What could be read of a batch, and what could not."""

    events: list[RecordedEvent]
    unreadable: list[tuple[Message, UnreadableEventError]]

    def add(self, message: Message, codec: Codec) -> None:
        """What nobody knows any more, or not yet, is left out."""
        try:
            recorded = codec.decode_known(message.headers, message.body, message.sequence)
        except UnreadableEventError as error:
            self.unreadable.append((message, error))
        else:
            if recorded is not None:
                self.events.append(recorded)


def decoded(messages: Sequence[Message], codec: Codec) -> Decoded:
    found = Decoded([], [])
    for message in messages:
        found.add(message, codec)
    return found
