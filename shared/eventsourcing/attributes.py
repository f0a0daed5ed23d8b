"""What the headers say of an event; those of our own making are read at one go."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from shared.eventsourcing.headers import HeaderLines


class Attributes(NamedTuple):
    """As they stand there, nothing checked; `""` for what is missing, but None for the id."""

    type: str
    schema: str
    time: str
    id: str | None
    revision: str
    correlation_id: str
    causation_id: str
    cause: str
    actor: str
    sealed: str = ""


def attributes_of(headers: Mapping[str, str]) -> Attributes:
    if isinstance(headers, HeaderLines) and (quickly := _in_our_order(headers.lines)):
        return quickly
    get = headers.get
    return Attributes(
        get("ce-type", ""),
        get("ce-dataschema", ""),
        get("ce-time", ""),
        get("ce-id"),
        get("ce-revision", "0"),
        get("ce-correlationid", ""),
        get("ce-causationid", ""),
        get("ce-cause", ""),
        get("ce-actor", ""),
        get("ce-sealed", ""),
    )


# The headers of `cloudevents.encode`, one by one. Where it matches, a search for one header after
# the other finds the same, as long as none of the lines further on begins with a name of ours.
# Where something is sealed it does not match: that is rare, and opening takes longer anyway.
_VALUE, _ANY = r"(?![ \t])([^\r]*)\r\n", r"[^\r]*\r\n"
_OUR_ORDER = re.compile(
    r"NATS/1\.0\r\n"
    rf"ce-specversion: 1\.0\r\nce-id: {_VALUE}ce-source: {_ANY}ce-type: {_VALUE}"
    rf"ce-time: {_VALUE}ce-subject: {_ANY}ce-dataschema: {_VALUE}content-type: {_ANY}"
    r"(?:ce-revision: (\d+)\r\n)?"
    rf"(?:ce-correlationid: {_VALUE})?(?:ce-causationid: {_VALUE})?(?:ce-cause: {_VALUE})?"
    rf"(?:ce-actor: {_VALUE})?"
    r"(?!ce-)"
)


def _in_our_order(lines: bytes) -> Attributes | None:
    """None unless it is certain that the general way would find the same."""
    text = str(lines, "utf-8", "replace")
    found = _OUR_ORDER.match(text)
    if found is None:
        return None
    if text.find("\nce-", found.end() - 1) >= 0:
        return None
    id_, type_, time, schema, revision, correlation_id, causation_id, cause, actor = found.groups(
        ""
    )
    return Attributes(
        type_, schema, time, id_, revision or "0", correlation_id, causation_id, cause, actor
    )
