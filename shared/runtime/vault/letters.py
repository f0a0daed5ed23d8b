"""Dead letters of an inbox: what a source said of a report is sealed before it lies in DEAD."""

import json
from typing import Any, NamedTuple

from shared.contracts.identity import aggregate_id
from shared.contracts.reference import Reference
from shared.eventsourcing.codec import Spot
from shared.eventsourcing.inbox.letters import KEYLESS, ClosedLetterError
from shared.eventsourcing.inbox.parse import is_structured
from shared.eventsourcing.jetstream.dead_letters import HIDDEN
from shared.eventsourcing.jetstream.message import Message
from shared.runtime.vault.vault import Vault

UNREADABLE = "letters"
"""Whose key it is where nobody can tell which report is spoken of."""


class _About(NamedTuple):
    whose: str
    must: bool


class SealedLetters:
    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    def hidden(self, stream: str, message: Message) -> Message:
        """Raises VaultAwayError."""
        message = KEYLESS.hidden(stream, message)
        about = _about(message)
        if about is None:
            return message
        spot = _spot(stream, message.sequence, about.whose)
        sealed = self._vault.seal(message.body.decode("latin-1"), spot, must=about.must)
        if sealed is None:
            return message
        headers = {**message.headers, HIDDEN: about.whose}
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


def _about(message: Message) -> _About | None:
    """None for what speaks of no report. What is said of one later does not say whether it is
    confidential, so it is taken to be."""
    _, source, kind = message.subject.split(".", 2)
    if not kind.startswith("report."):
        return None
    said = _said(message)
    if said is None or not isinstance(said.get("report"), str):
        return _About(UNREADABLE, must=True)
    must = kind != "report.submitted" or said.get("confidential", True) is not False
    return _About(aggregate_id("report", source, said["report"]), must)


def _said(message: Message) -> dict[str, Any] | None:
    try:
        body = json.loads(message.body)
    except (ValueError, RecursionError):
        return None
    if is_structured(message.headers) and isinstance(body, dict):
        body = body.get("data")
    return body if isinstance(body, dict) else None
