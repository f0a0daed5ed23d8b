"""Between events and messages: seals what the contracts mark, and opens it for who may read it."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from shared.contracts.event import Event
from shared.contracts.sealed import CLOSED, sealed_fields
from shared.eventsourcing import cloudevents
from shared.eventsourcing.attributes import Attributes
from shared.eventsourcing.cloudevents import Headers
from shared.eventsourcing.event_store import NewEvent, RecordedEvent

SEALED = "ce-sealed"


class Spot(NamedTuple):
    """Where a sealed text stands: elsewhere it must not open. `whose` is the id that says whose key
    it is under."""

    type: str
    event_id: str
    field: str
    whose: str


class Sealer(Protocol):
    """Has the keys, or asks who has them. Neither of the two raises because of a text or a key."""

    def seal(self, text: str, spot: Spot) -> str | None:
        """Printable; None where nothing need be hidden, and the text stands as it is."""

    def open(self, sealed: str, spot: Spot) -> str | None:
        """None for who may not read it, where the key is gone, and for what stands elsewhere."""


class Codec:
    """Without a sealer nothing is sealed, and what is sealed stays so: `CLOSED` stands there."""

    def __init__(self, sealer: Sealer | None = None) -> None:
        self._sealer = sealer

    def encode(self, new: NewEvent) -> tuple[str, Headers, bytes]:
        """Subject, headers and body of one message."""
        if self._sealer is None or not (marked := sealed_fields(type(new.event))):
            return cloudevents.encode(new)
        return self._sealed(self._sealer, new, marked)

    def decode(self, headers: Mapping[str, str], body: bytes, sequence: int) -> RecordedEvent:
        """The recorded event, for who decides on it. Raises NewerEventError,
        UnreadableEventError."""
        return cloudevents.decode(headers, body, sequence, self._opened)

    def decode_known(
        self, headers: Mapping[str, str], body: bytes, sequence: int
    ) -> RecordedEvent | None:
        """As much as is known here of an event, for those who only look. Raises
        UnreadableEventError."""
        return cloudevents.decode_known(headers, body, sequence, self._opened)

    def _sealed(
        self, sealer: Sealer, new: NewEvent, marked: Mapping[str, str]
    ) -> tuple[str, Headers, bytes]:
        subject, headers, body = cloudevents.encode(new)
        hidden = {}
        for field, under in marked.items():
            text, whose = getattr(new.event, field), str(getattr(new.event, under))
            spot = Spot(headers["ce-type"], new.id, field, whose)
            if text and (sealed := sealer.seal(text, spot)) is not None:
                hidden[field] = sealed
        if not hidden:
            return subject, headers, body
        headers[SEALED] = ",".join(hidden)
        event: Event = new.event.model_copy(update=hidden)
        return subject, headers, event.model_dump_json().encode()

    def _opened(self, attributes: Attributes, body: bytes) -> bytes:
        """The body of a message of which something is sealed, as whoever reads here may see it."""
        said = json.loads(body)
        if not isinstance(said, dict):
            raise TypeError("no object")
        event_type = cloudevents.type_of(attributes)
        marked = sealed_fields(event_type) if event_type else {}
        for field in attributes.sealed.split(","):
            said[field] = self._open(attributes, said, field, marked.get(field, "")) or CLOSED
        return json.dumps(said).encode()

    def _open(
        self, attributes: Attributes, said: Mapping[str, Any], field: str, under: str
    ) -> str | None:
        if self._sealer is None or not under:
            return None
        spot = Spot(attributes.type, attributes.id or "", field, str(said.get(under, "")))
        return self._sealer.open(str(said[field]), spot)


PLAIN = Codec()
"""Of who has no keys."""
