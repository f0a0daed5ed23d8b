"""What stood in a message at the places that its refusal points to, as far as it may be told;
receipts themselves repeat nothing that was sent."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from deploy.looking.harmless import MISSING, OF_ATTRIBUTES, OF_FIELDS, told
from shared.contracts.receipt import Accepted, Refused
from shared.contracts.routing import inbox_of
from shared.eventsourcing.errors import LogUnavailableError
from shared.eventsourcing.inbox.parse import is_structured
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.direct_get import DirectGet
from shared.eventsourcing.jetstream.message import Message

APART = 16
"""So many messages that nobody asked for are read rather than asking once more."""

OF_THE_ENVELOPE = "urn:tribune:problem:not-a-cloudevent"


class Pointed:
    """Asks the inboxes, which keep a message for 30 days."""

    def __init__(self, client: Client) -> None:
        self._get = DirectGet(client)

    async def values(self, source: str, receipts: Sequence[Accepted | Refused]) -> list[list[Any]]:
        """For each refusal the values that its errors point to, in their order; MISSING for what
        may not be told, and nothing at all of a message that is gone."""
        asked = {
            each.inbox_sequence: each
            for each in receipts
            if isinstance(each, Refused) and each.problem.errors
        }
        found: dict[int, list[Any]] = {}
        for first, last in _spans(sorted(asked)):
            try:
                async for message in self._get.span(inbox_of(source), first, last):
                    if one := asked.get(message.sequence):
                        found[message.sequence] = pointed_to(one, message)
            except LogUnavailableError:  # what was refused can be told without
                break
        return [found.get(each.inbox_sequence, []) for each in receipts]


def _spans(wanted: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Of sequences in their order."""
    first = last = 0
    for sequence in wanted:
        if first and sequence - last > APART:
            yield first, last
            first = sequence
        first, last = first or sequence, sequence
    if first:
        yield first, last


def pointed_to(refused: Refused, message: Message) -> list[Any]:
    """Of one message; what its errors point to."""
    errors = refused.problem.errors
    if refused.problem.type == OF_THE_ENVELOPE:
        attributes = _attributes(message)
        return [attributes.get(error.pointer, MISSING) for error in errors]
    data = _data(message)
    return [told(_at(data, each.pointer), OF_FIELDS.get(each.pointer)) for each in errors]


def _attributes(message: Message) -> dict[str, Any]:
    """By pointer."""
    said: dict[str, Any] = {
        name[3:].lower(): value
        for name, value in message.headers.items()
        if name[:3].lower() == "ce-"
    }
    if is_structured(message.headers):
        envelope = _read(message.body)
        said = envelope if isinstance(envelope, dict) else {}
    return {f"/{name}": told(value, OF_ATTRIBUTES.get(f"/{name}")) for name, value in said.items()}


def _data(message: Message) -> Any:
    body = _read(message.body)
    if not is_structured(message.headers):
        return body
    return body.get("data", MISSING) if isinstance(body, dict) else MISSING


def _read(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return MISSING


def _at(data: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        if isinstance(data, dict):
            data = data.get(part, MISSING)
        elif isinstance(data, list) and part.isdecimal() and int(part) < len(data):
            data = data[int(part)]
        else:
            return MISSING
    return data
