"""Reads one upstream message: a CloudEvent in either mode, or a problem that says why not."""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import to_json

from shared.contracts.inbox import INBOX_KINDS, InboxMessage
from shared.contracts.receipt import Fault, Problem
from shared.contracts.strict_json import (
    NamedTwiceError,
    NotJsonError,
    has_no_more_than,
    read_json,
)
from shared.eventsourcing.faults import faults_of

LARGEST_BODY = 256 * 1024
LONGEST_ID = 200
REQUIRED = ("specversion", "id", "source", "type")
LOOKED_AT = {f"ce-{name}": name for name in (*REQUIRED, "correlationid")}
SAID_BY_TEXTS = (str, datetime)  # by nothing else: values.py takes no number for a moment
STRUCTURED = "application/cloudevents+json"
_AS_IT_CAME = json.JSONEncoder(ensure_ascii=False)  # `json.dumps` would make one for each call


class Upstream(NamedTuple):
    """One message that can be read, known by `source`, which its stream proves, and `ce_id`. It
    `came_at` when the log server took it, where that is known."""

    source: str
    kind: str
    ce_id: str
    correlation_id: str
    data: InboxMessage
    came_at: datetime | None = None


class RefusalError(Exception):
    """The message can't be taken; `problem` tells the sender why."""

    def __init__(self, title: str, detail: str, *faults: Fault, ce_id: str | None = None) -> None:
        super().__init__(f"{title}: {detail}")
        slug = title.lower().replace(" ", "-")
        self.problem = Problem(
            type=f"urn:tribune:problem:{slug}", title=title, detail=detail, errors=faults
        )
        self.ce_id = ce_id


def parse(source: str, kind: str, headers: Mapping[str, str], body: bytes) -> Upstream:
    """Raises RefusalError."""
    if len(body) > LARGEST_BODY:
        raise RefusalError(
            "Too large",
            f"The body has {len(body):,} bytes; {LARGEST_BODY:,} is the most.",
            ce_id=harmless(headers.get("ce-id")),
        )
    if is_structured(headers):
        attributes, body = taken_apart(json_in(body))
    else:
        attributes = {LOOKED_AT[k]: v for k, v in headers.items() if k in LOOKED_AT}
        if "id" not in attributes:  # names of attributes in other cases are rare, and right
            attributes = {k[3:].lower(): v for k, v in headers.items() if k[:3].lower() == "ce-"}
    ce_id = check_attributes(kind, attributes)
    kind_type = INBOX_KINDS.get(kind)
    if kind_type is None:
        raise unknown_kind(ce_id)
    try:
        data = kind_type.__pydantic_validator__.validate_json(body)
    except ValidationError as error:
        json_in(body, ce_id)
        raise _invalid(error, ce_id) from None
    if not _is_all(body, data):
        json_in(body, ce_id)
    return Upstream(source, kind, ce_id, attributes.get("correlationid") or ce_id, data)


def unknown_kind(ce_id: str) -> RefusalError:
    detail = f"There is no inbox kind of this name; known are {', '.join(INBOX_KINDS)}."
    return RefusalError("Unknown kind", detail, ce_id=ce_id)


def is_structured(headers: Mapping[str, str]) -> bool:
    """Whether the attributes stand in the body; headers that look like some say nothing then."""
    said = headers.get("content-type") or headers.get("Content-Type") or ""
    return said.startswith(STRUCTURED)


def _is_all(body: bytes, data: InboxMessage) -> bool:
    """Whether it is plain that the body holds nothing else, so that nothing is named twice."""
    values, texts = data.__dict__, 0
    for name in data.model_fields_set:
        if type(values[name]) in SAID_BY_TEXTS:
            texts += 1
    return has_no_more_than(body, len(data.model_fields_set), texts)


def json_in(body: bytes, ce_id: str | None = None) -> Any:
    """Raises RefusalError."""
    try:
        return read_json(body)
    except NamedTwiceError as error:
        raise RefusalError("Ambiguous body", str(error), ce_id=ce_id) from None
    except NotJsonError as error:
        raise RefusalError("Not JSON", str(error), ce_id=ce_id) from None


def taken_apart(envelope: Any) -> tuple[dict[str, str], bytes]:
    """Attributes and data of what stood in one body. Raises RefusalError."""
    if not isinstance(envelope, dict):
        detail = "The body must be a JSON object with the event's attributes."
        raise RefusalError("Not a CloudEvent", detail)
    data = envelope.pop("data", None)
    attributes = {k: v for k, v in envelope.items() if isinstance(v, str)}
    return attributes, written(data)


def written(data: Any) -> bytes:
    """As it came if that can be, for what is escaped has to be looked at twice."""
    with suppress(ValueError):  # half a surrogate, or nested deeper than it goes
        return to_json(data, inf_nan_mode="constants")
    try:
        return _AS_IT_CAME.encode(data).encode()
    except UnicodeEncodeError:
        return json.dumps(data).encode()
    except RecursionError:
        raise RefusalError("Not JSON", "The body is nested too deep.") from None


def check_attributes(kind: str, attributes: dict[str, str]) -> str:
    """The event's id. Raises RefusalError."""
    ce_id = attributes.get("id", "")
    if _are_plainly_right(kind, attributes):
        return ce_id
    faults = [
        Fault(detail="This CloudEvents attribute is required.", pointer=f"/{name}")
        for name in REQUIRED
        if not attributes.get(name)
    ]
    for name in ("id", "correlationid"):
        if (value := attributes.get(name)) and harmless(value) is None:
            detail = f"Must be one line of at most {LONGEST_ID} printable characters."
            faults.append(Fault(detail=detail, pointer=f"/{name}"))
    if attributes.get("specversion", "1.0") != "1.0":
        faults.append(Fault(detail="Only CloudEvents 1.0 is understood.", pointer="/specversion"))
    stated = attributes.get("type", kind)
    if stated and stated != kind and not stated.endswith(f".{kind}"):
        detail = f"Came on the subject of {kind}; the type must be that, or end in it."
        faults.append(Fault(detail=detail, pointer="/type"))
    if faults:
        raise RefusalError("Not a CloudEvent", _summary(faults), *faults, ce_id=harmless(ce_id))
    return ce_id


def _are_plainly_right(kind: str, attributes: dict[str, str]) -> bool:
    """As nearly all are; the faults of the others are named one by one."""
    said = attributes.get
    return (
        said("specversion") == "1.0"
        and said("type") == kind
        and bool(said("source"))
        and harmless(said("id")) is not None
        and (not (correlation_id := said("correlationid")) or harmless(correlation_id) is not None)
    )


def _invalid(error: ValidationError, ce_id: str) -> RefusalError:
    faults = faults_of(error)
    return RefusalError("Invalid body", _summary(faults), *faults, ce_id=ce_id)


def _summary(faults: list[Fault] | tuple[Fault, ...]) -> str:
    return "; ".join(f"{fault.pointer or 'body'}: {fault.detail}" for fault in faults[:3])


def harmless(ce_id: str | None) -> str | None:
    """An id that may stand in headers, logs and on terminals; None for any other."""
    return ce_id if ce_id and len(ce_id) <= LONGEST_ID and ce_id.isprintable() else None
