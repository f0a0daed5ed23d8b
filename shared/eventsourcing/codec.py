"""Between events and messages: seals what the contracts mark, and opens it for who may read it."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from shared.contracts.event import Event
from shared.contracts.sealed import CLOSED, Sealed, sealed_fields
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


Seal = Callable[[str, Spot], str | None]
"""Seals a text, or says None: it stands as it is. Of those that were asked for ahead."""


class Sealer(Protocol):
    """Has the keys, or asks who has them. None of these raises because of a text or of one key;
    where no keys can be had at all, TryLaterError."""

    async def ahead(self, asked: Mapping[str, bool]) -> Seal:
        """For texts under the keys of these ids, many at once; whether they have to be hidden."""

    def seal(self, text: str, spot: Spot, *, must: bool) -> str | None:
        """Printable; None where nothing need be hidden, and the text stands as it is. `must`: by
        what the event says of itself it has to be."""

    def open(self, sealed: str, spot: Spot) -> str | None:
        """None for who may not read it, where the key is gone, and for what stands elsewhere."""


class Codec:
    """Without a sealer nothing is sealed, and what is sealed stays so: `CLOSED` stands there."""

    def __init__(self, sealer: Sealer | None = None) -> None:
        self._sealer = sealer

    async def ahead(self, news: Iterable[NewEvent]) -> Seal | None:
        """For `encode`, of all that is to be written together. Raises TryLaterError."""
        if self._sealer is None:
            return None
        asked: dict[str, bool] = {}
        for new in news:
            for field, mark in sealed_fields(type(new.event)).items():
                if getattr(new.event, field):
                    whose = str(getattr(new.event, mark.under))
                    asked[whose] = asked.get(whose, False) or _must(new.event, mark)
        return await self._sealer.ahead(asked) if asked else None

    def encode(self, new: NewEvent, seal: Seal | None = None) -> tuple[str, Headers, bytes]:
        """Subject, headers and body of one message. Raises TryLaterError."""
        if self._sealer is None or not (marked := sealed_fields(type(new.event))):
            return cloudevents.encode(new)
        return self._sealed(self._sealer, seal, new, marked)

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
        self, sealer: Sealer, seal: Seal | None, new: NewEvent, marked: Mapping[str, Sealed]
    ) -> tuple[str, Headers, bytes]:
        subject, headers, body = cloudevents.encode(new)
        hidden = {}
        for field, mark in marked.items():
            text, whose = getattr(new.event, field), str(getattr(new.event, mark.under))
            spot = Spot(headers["ce-type"], new.id, field, whose)
            if not text:
                continue
            must = _must(new.event, mark)
            sealed = seal(text, spot) if seal else sealer.seal(text, spot, must=must)
            if sealed is not None:
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
            mark = marked.get(field)
            said[field] = (self._open(attributes, said, field, mark) if mark else None) or CLOSED
        return json.dumps(said).encode()

    def _open(
        self, attributes: Attributes, said: Mapping[str, Any], field: str, mark: Sealed
    ) -> str | None:
        if self._sealer is None:
            return None
        spot = Spot(attributes.type, attributes.id or "", field, str(said.get(mark.under, "")))
        return self._sealer.open(str(said[field]), spot)


def _must(event: Event, mark: Sealed) -> bool:
    whens = [name for name in (mark.when, mark.or_when) if name]
    return not whens or any(getattr(event, name) for name in whens)


PLAIN = Codec()
"""Of who has no keys."""
