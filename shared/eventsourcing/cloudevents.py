"""Our events as CloudEvents 1.0 in binary mode: attributes in headers, the event in the body."""

import json
from collections.abc import Mapping
from datetime import datetime

from shared.contracts.registry import EVENT_TYPES
from shared.contracts.upcasters import upcast
from shared.eventsourcing.event_store import NewEvent, RecordedEvent

Headers = dict[str, str]


def encode(new: NewEvent) -> tuple[str, Headers, bytes]:
    """Subject, headers and body of one message."""
    event = new.event
    headers = {
        "ce-specversion": "1.0",
        "ce-id": new.id,
        "ce-source": f"/tribune/{event.service}",
        "ce-type": event.type_name(),
        "ce-time": new.recorded_at.isoformat(),
        "ce-subject": event.aggregate_id,
        "ce-dataschema": f"urn:{event.type_name()}:{event.version}",
        "ce-revision": str(new.revision),
        "content-type": "application/json",
    }
    if new.correlation_id:
        headers["ce-correlationid"] = new.correlation_id
    if new.causation_id:
        headers["ce-causationid"] = new.causation_id
    if new.cause:
        headers["ce-cause"] = new.cause
    return event.subject, headers, event.model_dump_json().encode()


def decode(headers: Mapping[str, str], body: bytes, sequence: int) -> RecordedEvent | None:
    """The recorded event, raised to its newest version; None for a type we do not know."""
    type_name = headers.get("ce-type", "")
    event_type = EVENT_TYPES.get(type_name)
    if event_type is None:
        return None
    version = int(headers["ce-dataschema"].rpartition(":")[2])
    if version >= event_type.version:
        event = event_type.model_validate_json(body)
    else:
        older = upcast(type_name, version, event_type.version, json.loads(body))
        event = event_type.model_validate(older)
    return RecordedEvent(
        id=headers["ce-id"],
        event=event,
        revision=int(headers["ce-revision"]),
        recorded_at=datetime.fromisoformat(headers["ce-time"]),
        correlation_id=headers.get("ce-correlationid", ""),
        causation_id=headers.get("ce-causationid", ""),
        cause=headers.get("ce-cause", ""),
        sequence=sequence,
    )
