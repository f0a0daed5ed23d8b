"""Which report a message of an inbox speaks of, and whether its words have to be hidden."""

import json
from typing import Any, NamedTuple

from shared.contracts.identity import aggregate_id
from shared.contracts.inbox import INBOX_KINDS, ReportCorroborated, ReportSubmitted
from shared.eventsourcing.inbox.parse import Upstream, is_structured
from shared.eventsourcing.jetstream.message import Message

UNREADABLE = "letters"
"""Whose key it is where nobody can tell which report is spoken of."""


OF_PERSONS = ("correspondent.",)
SUBMITTED = "report.submitted"
"""The one kind that says whether its words are confidential."""

NAMING = (SUBMITTED, "report.corroborated")
"""The kinds that say who the correspondent is."""


class Named(NamedTuple):
    """A person, as a source calls them."""

    source: str
    name: str


class Spoken(NamedTuple):
    """`whose` report it speaks of, none if of persons alone. `must`: whether or not there is a key
    for it. `named` is the person whom it names, `others` are whom it names besides."""

    whose: str
    must: bool
    named: Named | None = None
    others: tuple[Named, ...] = ()

    @property
    def all_named(self) -> tuple[Named, ...]:
        return (self.named, *self.others) if self.named else self.others


def spoken_of(message: Message) -> Spoken | None:
    """None for what speaks of no report. A point is hidden whatever it says of itself, for who
    looks here does not know whose data are public; what is said of one later does not say whether
    it is confidential, so it is taken to be; and of what nobody can read it is not known either."""
    _, source, kind = message.subject.split(".", 2)
    if kind in INBOX_KINDS and not kind.startswith((*OF_PERSONS, "report.")):
        return None
    said = _said(message)
    if kind in INBOX_KINDS and kind.startswith(OF_PERSONS):
        return _of_persons(source, said or {})
    name = said.get("report") if said else None
    if said is None or not isinstance(name, str) or not _is_utf8(name):
        return Spoken(UNREADABLE, must=True)
    must = kind != SUBMITTED or said.get("confidential", True) is not False or _has_point(said)
    who = said.get("correspondent")
    names = kind in NAMING and isinstance(who, str) and who
    named = Named(source, str(who)) if names else None
    return Spoken(aggregate_id("report", source, name), must, named)


def _has_point(said: dict[str, Any]) -> bool:
    return said.get("latitude") is not None or said.get("longitude") is not None


def _of_persons(source: str, said: dict[str, Any]) -> Spoken:
    """It speaks of a correspondent, and of no report whose key it could have."""
    names = (said.get(field) for field in ("correspondent", "successor"))
    named = [Named(source, each) for each in names if isinstance(each, str) and _is_utf8(each)]
    if not named:
        return Spoken(UNREADABLE, must=True)
    return Spoken("", must=True, named=named[0], others=tuple(named[1:]))


def named_by(upstream: Upstream) -> Named | None:
    """The person whom a message names that was read already."""
    if isinstance(said := upstream.data, ReportSubmitted | ReportCorroborated):
        return Named(upstream.source, said.correspondent) if said.correspondent else None
    return None


def _is_utf8(text: str) -> bool:
    """Half a surrogate is none, and JSON can name one."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def _said(message: Message) -> dict[str, Any] | None:
    try:
        body = json.loads(message.body)
    except (ValueError, RecursionError):
        return None
    if is_structured(message.headers) and isinstance(body, dict):
        body = body.get("data")
    return body if isinstance(body, dict) else None
