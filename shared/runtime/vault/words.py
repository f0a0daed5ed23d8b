"""Which messages of an inbox must not lie there in the clear: what there is a data key for, what
would have to be hidden if it were taken in, and what names a person."""

from collections.abc import Collection, Sequence

from shared.eventsourcing.jetstream.message import Message
from shared.runtime.vault.persons import Persons
from shared.runtime.vault.spoken import Spoken, spoken_of
from shared.runtime.vault.vault import Vault


class WordsInInboxes:
    """Whom a source names whose data are public already (`hides_names` is False) everybody may
    know: to delete one message costs the server tens of milliseconds, and each of its reports has
    one."""

    def __init__(self, vault: Vault, persons: Persons, *, hides_names: bool = True) -> None:
        self._vault = vault
        self._persons = persons
        self._hides_names = hides_names

    def hidden(self, messages: Sequence[Message], accepted: Collection[int]) -> list[int]:
        """Of what was accepted the events tell whether it had to be sealed; of all else nobody but
        the message itself. Raises VaultAwayError."""
        spoken = _spoken(messages)
        known = self._vault.has_or_had({about.whose for about in spoken.values()})
        return [
            sequence
            for sequence, about in spoken.items()
            if (about.named and self._hides_names)
            or about.whose in known
            or (sequence not in accepted and about.must)
        ]

    def of(self, messages: Sequence[Message], whose: str) -> list[int]:
        """`whose` is a report, or under what the key of a person lies."""
        return [
            sequence
            for sequence, about in _spoken(messages).items()
            if about.whose == whose or whose in map(self._persons.whose, about.all_named)
        ]


def _spoken(messages: Sequence[Message]) -> dict[int, Spoken]:
    """By sequence, of those that speak of a report."""
    found = {message.sequence: spoken_of(message) for message in messages}
    return {sequence: about for sequence, about in found.items() if about is not None}
