"""Dead letters of an inbox: what a source said of a report is sealed before it lies in DEAD."""

from shared.contracts.reference import Reference
from shared.eventsourcing.codec import Spot
from shared.eventsourcing.inbox.letters import KEYLESS, ClosedLetterError
from shared.eventsourcing.jetstream.dead_letters import HIDDEN
from shared.eventsourcing.jetstream.message import Message
from shared.runtime.vault.persons import Persons
from shared.runtime.vault.spoken import spoken_of
from shared.runtime.vault.vault import Vault


class SealedLetters:
    """What need not be hidden for its words is for the person whom it names, under their key."""

    def __init__(self, vault: Vault, persons: Persons) -> None:
        self._vault = vault
        self._persons = persons

    def hidden(self, stream: str, message: Message) -> Message:
        """Raises VaultAwayError."""
        message = KEYLESS.hidden(stream, message)
        about = spoken_of(message)
        if about is None:
            return message
        body, whose, must = message.body.decode("latin-1"), about.whose, about.must
        if about.named and not whose:
            whose = self._persons.whose(about.named)
        sealed = self._vault.seal(body, _spot(stream, message.sequence, whose), must=must)
        if sealed is None and about.named:
            whose = self._persons.whose(about.named)
            sealed = self._vault.seal(body, _spot(stream, message.sequence, whose), must=True)
        if sealed is None:
            return message
        headers = {**message.headers, HIDDEN: whose}
        return message._replace(headers=headers, body=sealed.encode())

    def shown(self, stream: str, message: Message) -> Message:
        """Raises ClosedLetterError, VaultAwayError."""
        whose = message.headers.get(HIDDEN)
        if whose is None:
            return message
        body = self._vault.open(
            message.body.decode("latin-1"), _spot(stream, message.sequence, whose)
        )
        if body is None:
            raise ClosedLetterError("its words were erased, or the vault has no key for them")
        headers = {k: v for k, v in message.headers.items() if k != HIDDEN}
        return message._replace(headers=headers, body=body.encode("latin-1"))


def _spot(stream: str, sequence: int, whose: str) -> Spot:
    return Spot("letter", str(Reference(stream, sequence)), "body", whose)
