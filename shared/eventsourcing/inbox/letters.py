"""How what a source said lies in DEAD: as it came, or hidden by who has keys for it."""

from typing import Protocol

from shared.eventsourcing.jetstream.dead_letters import HIDDEN
from shared.eventsourcing.jetstream.message import Message


class ClosedLetterError(Exception):
    """Nobody can read the letter any more; it can't be tried again."""


class Letters(Protocol):
    def hidden(self, stream: str, message: Message) -> Message:
        """As it may lie in DEAD."""

    def shown(self, stream: str, message: Message) -> Message:
        """As it came. Raises ClosedLetterError."""


class _Keyless:
    def hidden(self, stream: str, message: Message) -> Message:  # noqa: ARG002
        """A source can't make a letter look like a hidden one."""
        if HIDDEN not in message.headers:
            return message
        headers = {k: v for k, v in message.headers.items() if k != HIDDEN}
        return message._replace(headers=headers)

    def shown(self, stream: str, message: Message) -> Message:  # noqa: ARG002
        if HIDDEN in message.headers:
            raise ClosedLetterError("it is sealed, and there are no keys here")
        return message


KEYLESS: Letters = _Keyless()
