"""Our events as CloudEvents 1.0 in binary mode: attributes in headers, the event in the body."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache, lru_cache

from shared.contracts.event import Event
from shared.contracts.registry import EVENT_TYPES
from shared.contracts.upcasters import is_changed, upcast
from shared.eventsourcing.attributes import Attributes, attributes_of
from shared.eventsourcing.errors import NewerEventError, UnreadableEventError
from shared.eventsourcing.event_store import NewEvent, RecordedEvent

Headers = dict[str, str]

Opened = Callable[[Attributes, bytes], bytes]
"""The body of a message of which something is sealed, as it may be read here."""

LONGEST = 8  # digits of a version


def encode(new: NewEvent) -> tuple[str, Headers, bytes]:
    """Subject, headers and body of one message."""
    event = new.event
    headers = _of_type(type(event)).copy()
    headers["ce-id"] = new.id
    headers["ce-time"] = _said(new.recorded_at)
    headers["ce-subject"] = event.aggregate_id
    if new.revision:
        headers["ce-revision"] = str(new.revision)
    if new.correlation_id:
        headers["ce-correlationid"] = new.correlation_id
    if new.causation_id:
        headers["ce-causationid"] = new.causation_id
    if new.cause:
        headers["ce-cause"] = new.cause
    if new.actor:
        headers["ce-actor"] = new.actor
    return event.subject, headers, event.__pydantic_serializer__.to_json(event)


@lru_cache
def _said(moment: datetime) -> str:
    """What is decided together is recorded at one moment."""
    return moment.isoformat()


@cache
def _of_type(event_type: type[Event]) -> Headers:
    """The headers that are the same for all events of a type."""
    type_name = event_type.type_name()
    return {
        "ce-specversion": "1.0",
        "ce-id": "",
        "ce-source": f"/tribune/{event_type.service}",
        "ce-type": type_name,
        "ce-time": "",
        "ce-subject": "",
        "ce-dataschema": f"urn:{type_name}:{event_type.version}",
        "content-type": "application/json",
    }


def decode(
    headers: Mapping[str, str], body: bytes, sequence: int, opened: Opened | None = None
) -> RecordedEvent:
    """The recorded event, raised to its newest version.

    Raises NewerEventError for a type or version that is not known here: who decides must not leave
    it out. Raises UnreadableEventError for what is no event or does not fit its schema.
    """
    attributes = attributes_of(headers)
    type_name, version = _schema(attributes, sequence)
    event_type = EVENT_TYPES.get(type_name)
    if event_type is None or version > event_type.version:
        raise NewerEventError(f"{type_name} {version} is newer than this process")
    return _recorded(event_type, version, attributes, body, sequence, opened)


def decode_known(
    headers: Mapping[str, str], body: bytes, sequence: int, opened: Opened | None = None
) -> RecordedEvent | None:
    """As much as is known here of an event, for those who only look: None for a newer type, and of
    a newer version the fields that we know. Raises UnreadableEventError."""
    attributes = attributes_of(headers)
    type_name, version = _schema(attributes, sequence)
    event_type = EVENT_TYPES.get(type_name)
    if event_type is None:
        return None
    try:
        return _recorded(event_type, version, attributes, body, sequence, opened)
    except UnreadableEventError:
        if version > event_type.version:
            return None
        raise


def type_of(attributes: Attributes) -> type[Event] | None:
    """None for a type that is not known here."""
    return EVENT_TYPES.get(attributes.type)


def _schema(attributes: Attributes, sequence: int) -> tuple[str, int]:
    version = _version(attributes.type, attributes.schema)
    if version is None:
        raise UnreadableEventError(f"message {sequence} is no event")
    return attributes.type, version


@lru_cache
def _version(type_name: str, schema: str) -> int | None:
    """None for what is no event of ours; there are few of both texts."""
    version = schema.rpartition(":")[2]
    if not type_name.startswith("tribune.") or not version.isdecimal() or len(version) > LONGEST:
        return None
    return int(version)


def _recorded(
    event_type: type[Event],
    version: int,
    attributes: Attributes,
    body: bytes,
    sequence: int,
    opened: Opened | None,
) -> RecordedEvent:
    try:
        recorded_at = datetime.fromisoformat(attributes.time)
        if recorded_at.tzinfo is None:
            raise ValueError("a time without its offset")  # noqa: TRY301
        if attributes.id is None:
            raise ValueError("no id")  # noqa: TRY301
        if attributes.sealed and opened is not None:
            body = opened(attributes, body)
        if is_changed(attributes.type, version, event_type.version):
            older = upcast(attributes.type, version, event_type.version, json.loads(body))
            body = json.dumps(older).encode()
        return RecordedEvent(
            attributes.id,
            event_type.__pydantic_validator__.validate_json(body),
            int(attributes.revision or 0),
            recorded_at,
            attributes.correlation_id,
            attributes.causation_id,
            attributes.cause,
            sequence,
            actor=attributes.actor,
        )
    except (ValueError, KeyError, TypeError) as error:
        kind = type(error).__name__
        raise UnreadableEventError(
            f"{attributes.type} {version} at {sequence} does not fit its schema ({kind})"
        ) from None
