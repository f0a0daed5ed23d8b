"""A command on its way, and what became of it."""

from datetime import datetime
from typing import Any, NamedTuple

from shared.contracts.actor import SUITE, Actor


class Envelope(NamedTuple):
    """A command with its id and where it comes from; the id makes a repetition harmless.

    `actor` gives it: the suite itself unless somebody else is named.
    `at`: what comes of it is not recorded before that moment, even by a clock that is behind.
    `former_id`: the id that older versions gave it; what it led to then is known by that.
    """

    command: Any
    id: str
    correlation_id: str = ""
    causation_id: str = ""
    cause: str = ""
    at: datetime | None = None
    former_id: str = ""
    actor: Actor = SUITE


class Outcome(NamedTuple):
    """What became of one command.

    `sequence` is that of its first event in `stream`, or of the aggregate's last where it changed
    nothing.
    `duplicate`: it was so already, by the same command in another message or by another one.
    `error`: it is forbidden (a DomainError) or something of ours failed.
    """

    aggregate_id: str
    sequence: int = 0
    new_events: int = 0
    duplicate: bool = False
    error: Exception | None = None
    stream: str = ""
