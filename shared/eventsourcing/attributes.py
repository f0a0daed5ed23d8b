"""What the headers say of an event; those of our own making are read at one go."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from shared.eventsourcing.headers import HeaderLines


class Attributes(NamedTuple):
    """As they stand there, nothing checked; `""` for what is missing, but None for the id."""

    id: str | None
    type: str
    time: str
    schema: str
    revision: str
    correlation_id: str
    causation_id: str
    cause: str
    actor: str
    sealed: str


def attributes_of(headers: Mapping[str, str]) -> Attributes:
    if isinstance(headers, HeaderLines):
        text = str(headers.lines, "utf-8", "replace")
        found = _OUR_ORDER.match(text)
        if found and text.find("\nce-", found.end() - 1) < 0:
            return Attributes._make(found.groups(""))
    get = headers.get
    return Attributes(
        get("ce-id"),
        get("ce-type", ""),
        get("ce-time", ""),
        get("ce-dataschema", ""),
        get("ce-revision", ""),
        get("ce-correlationid", ""),
        get("ce-causationid", ""),
        get("ce-cause", ""),
        get("ce-actor", ""),
        get("ce-sealed", ""),
    )


# The headers of `cloudevents.encode`, one by one. Where it matches, a search for one header after
# the other finds the same, as long as none of the lines further on begins with a name of ours.
_VALUE, _ANY = r"([^ \t\r][^\r]*+)\r\n", r"[^\r]*+\r\n"
_OUR_ORDER = re.compile(
    r"NATS/1\.0\r\n"
    rf"ce-specversion: 1\.0\r\nce-id: {_VALUE}ce-source: {_ANY}ce-type: {_VALUE}"
    rf"ce-time: {_VALUE}ce-subject: {_ANY}ce-dataschema: {_VALUE}content-type: {_ANY}"
    r"(?:ce-revision: (\d+)\r\n)?"
    rf"(?:ce-correlationid: {_VALUE})?(?:ce-causationid: {_VALUE})?(?:ce-cause: {_VALUE})?"
    rf"(?:ce-actor: {_VALUE})?(?:ce-sealed: {_VALUE})?"
    r"(?!ce-)"
)
