"""Reads what a source sends over HTTP: CloudEvents one by one or in batches, as an inbox has them.

The envelope is looked at here, for it says where a message belongs; what stands in the body is the
inbox's to judge, whichever road it came by.
"""

import re
from collections.abc import Sequence
from enum import Enum
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from shared.contracts.inbox import INBOX_KINDS
from shared.contracts.receipt import Fault
from shared.eventsourcing.inbox.parse import (
    LARGEST_BODY,
    LOOKED_AT,
    RefusalError,
    check_attributes,
    json_in,
    taken_apart,
    unknown_kind,
    written,
)

MOST_AT_ONCE = 1_000
"""Messages; the log takes no more in one piece."""

KEPT = LOOKED_AT | {"ce-time": "time"}
"""By header, the attributes that an inbox has need of; a replay goes by the time."""

KEPT_PAIRS = tuple(KEPT.items())

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")
_NO_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")

Headers = Sequence[tuple[bytes, bytes]]
"""As they came, their names in small letters."""


class TooManyError(Exception):
    """A batch has more messages than the log takes in one piece."""


class Mode(Enum):
    """How events come, by the media type that says so."""

    BINARY = "application/json"
    STRUCTURED = "application/cloudevents+json"
    BATCH = "application/cloudevents-batch+json"


JSON, CLOUDEVENT = Mode.BINARY.value, Mode.STRUCTURED.value


class Arrived(NamedTuple):
    """One message, as it is put into the inbox."""

    kind: str
    ce_id: str
    headers: dict[str, str]
    body: bytes


def mode_of(content_type: str) -> Mode | None:
    """None: nothing that is read here."""
    media_type = content_type.partition(";")[0].strip().lower()
    for mode in (Mode.STRUCTURED, Mode.BATCH):
        if media_type == mode.value:
            return mode
    if media_type.startswith("application/cloudevents"):
        return None
    is_json = media_type in ("", Mode.BINARY.value) or media_type.endswith("+json")
    return Mode.BINARY if is_json else None


def read_one(mode: Mode, headers: Headers, body: bytes) -> Arrived:
    """Raises RefusalError."""
    if mode is Mode.STRUCTURED:
        return _of_envelope(json_in(body))
    return _arrived(_attributes(headers), body)


def read_batch(body: bytes) -> list[Arrived | RefusalError]:
    """Each for itself, in their order. Raises RefusalError where they can't be told apart, and
    TooManyError before any is looked at: a refusal for each costs a thousand times its two bytes.
    """
    found = json_in(body)
    if not isinstance(found, list):
        raise RefusalError("Not a batch", "The body must be a JSON array of CloudEvents.")
    if len(found) > MOST_AT_ONCE:
        raise TooManyError
    return [_or_refusal(each) for each in found]


def _or_refusal(envelope: Any) -> Arrived | RefusalError:
    try:
        return _of_envelope(envelope)
    except RefusalError as refusal:
        return refusal


def _of_envelope(envelope: Any) -> Arrived:
    attributes, body = taken_apart(envelope)
    return _arrived(attributes, body)


def _arrived(attributes: dict[str, str], body: bytes) -> Arrived:
    said = attributes.get("type", "")
    kind = _kind_in(said)
    ce_id = check_attributes(kind or said, attributes)
    if kind is None:
        raise unknown_kind(ce_id)
    if len(body) > LARGEST_BODY:
        detail = f"The body has {len(body):,} bytes; {LARGEST_BODY:,} is the most."
        raise RefusalError("Too large", detail, ce_id=ce_id)
    headers = {header: attributes[name] for header, name in KEPT_PAIRS if attributes.get(name)}
    together = f"|{'|'.join(headers.values())}|"
    if together.isprintable() and "| " not in together and " |" not in together:
        headers["content-type"] = JSON
        return Arrived(kind, ce_id, headers, body)
    return Arrived(kind, ce_id, {"content-type": CLOUDEVENT}, _whole(attributes, body, ce_id))


def _kind_in(said: str) -> str | None:
    """A type is the kind, or a name that ends in it."""
    if said in INBOX_KINDS:
        return said
    return next((kind for kind in INBOX_KINDS if said.endswith(f".{kind}")), None)


def _whole(attributes: dict[str, str], body: bytes, ce_id: str) -> bytes:
    """Headers would lose blanks at the ends of a value, and lines in it."""
    looked_at = {name: attributes[name] for name in KEPT.values() if name in attributes}
    return written(looked_at | {"data": json_in(body, ce_id)})


def _attributes(headers: Headers) -> dict[str, str]:
    """Raises RefusalError."""
    found: dict[str, str] = {}
    for raw, value in headers:
        name = KEPT.get(raw.decode("latin-1"))
        if name is None:
            continue
        if name in found:
            fault = Fault(detail="This attribute stands there twice.", pointer=f"/{name}")
            raise RefusalError("Not a CloudEvent", fault.detail, fault)
        found[name] = _read(name, value)
    return found


def _read(name: str, value: bytes) -> str:
    """As the HTTP binding has it: out of quotation marks, then out of percent signs."""
    text = value.decode("utf-8", "surrogateescape").strip(" \t")
    if quoted := _QUOTED.fullmatch(text):
        text = _ESCAPED.sub(r"\1", quoted[1])
    try:
        plain = unquote_to_bytes(text.encode("utf-8", "surrogateescape")).decode("utf-8")
    except ValueError:
        plain = None
    if plain is None or _NO_PERCENT.search(text):
        detail = "Must be UTF-8; blanks, quotation marks and % are written as %20, %22 and %25."
        raise RefusalError("Not a CloudEvent", detail, Fault(detail=detail, pointer=f"/{name}"))
    return plain
