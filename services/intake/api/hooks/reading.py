"""Reads what a hook is sent: JSON or a form as rows, and rows as messages by its mapping. Pure."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from services.intake.api.hooks.known import Hook
from services.intake.api.open311.fields import (
    FORM,
    JSON,
    PARTS,
    UnreadableError,
    media_type,
    pairs_in,
)
from shared.contracts.receipt import Fault
from shared.eventsourcing.inbox.over_http import MOST_AT_ONCE, Arrived, TooManyError
from shared.eventsourcing.inbox.parse import LONGEST_ID, RefusalError, harmless, json_in
from shared.mapping.cells import CellError
from shared.mapping.checking import Written, events_of
from shared.mapping.codes import bare
from shared.mapping.objects import text_of, value_at
from shared.mapping.template import FILE_NAME, ROW_NUMBER, Row
from shared.mapping.turns import in_turn

TAKEN_HERE = f"{JSON}, {FORM}, {PARTS}"
MOST_FAULTS = 20


def is_taken(content_type: str) -> bool:
    kind = media_type(content_type)
    return kind in ("", FORM, PARTS, JSON) or kind.endswith("+json")


def messages_in(hook: Hook, content_type: str, body: bytes) -> list[Arrived]:
    """All of it, in its order, or none. Raises RefusalError, TooManyError."""
    found: list[Arrived] = []
    faults: list[Fault] = []
    for number, row in enumerate(_rows(hook, content_type, body)):
        events, wrongs = events_of(hook.mapping, row)
        faults += [_fault(number, wrong) for wrong in wrongs]
        found += [_arrived(hook, event) for _, event in in_turn(events, _time_and_kind(hook))]
        if len(found) > MOST_AT_ONCE:
            raise TooManyError
    if faults:
        detail = "; ".join(fault.detail for fault in faults[:3])
        raise RefusalError("Invalid body", detail, *faults[:MOST_FAULTS])
    return found


def _rows(hook: Hook, content_type: str, body: bytes) -> Iterator[Row]:
    """Raises RefusalError, TooManyError."""
    wanted, nothing = hook.mapping.columns(), set(hook.mapping.shape.file.empty)
    for number, found in enumerate(_objects(content_type, body), 1):
        row = {ROW_NUMBER: str(number), FILE_NAME: ""}
        for name in wanted:
            cell = _cell(found, name)
            row[name] = "" if cell in nothing else cell
        yield row


def _cell(found: dict[str, Any], name: str) -> str:
    """Raises RefusalError."""
    try:
        return text_of(value_at(found, name))
    except RecursionError:
        raise RefusalError("Invalid body", f"{name} is nested too deeply.") from None


def _objects(content_type: str, body: bytes) -> list[dict[str, Any]]:
    if media_type(content_type) in (FORM, PARTS):
        return [_of_form(content_type, body)]
    json_in(body)  # which refuses what names a field twice
    found = json.loads(body, parse_int=str, parse_float=str)
    each = found if isinstance(found, list) else [found]
    if len(each) > MOST_AT_ONCE:
        raise TooManyError
    if not all(isinstance(one, dict) for one in each):
        detail = "The body must be a JSON object, or an array of objects."
        raise RefusalError("Invalid body", detail)
    return each


def _of_form(content_type: str, body: bytes) -> dict[str, str]:
    """A field that comes several times is a list."""
    found: dict[str, list[str]] = {}
    try:
        for name, value in pairs_in(content_type, body):
            found.setdefault(name, []).append(bare(value))
    except UnreadableError as error:
        raise RefusalError("Invalid body", str(error)) from None
    return {name: ", ".join(filter(None, values)) for name, values in found.items()}


def _time_and_kind(hook: Hook) -> Any:
    def of(event: Written) -> tuple[datetime, str]:
        return event.at, hook.mapping.rules[event.rule].kind

    return of


def _arrived(hook: Hook, event: Written) -> Arrived:
    """Of two hooks each counts from one: what comes by one is no repetition of the other's. Raises
    RefusalError."""
    kind = hook.mapping.rules[event.rule].kind
    ce_id = f"{hook.name}/{event.ce_id}"
    if harmless(ce_id) is None:
        raise RefusalError("Invalid body", f"With its hook's name an id has {LONGEST_ID} at most.")
    headers = {
        "ce-specversion": "1.0",
        "ce-id": ce_id,
        "ce-source": f"/hooks/{hook.name}",
        "ce-type": kind,
        "ce-time": event.at.isoformat(),
        "content-type": JSON,
    }
    return Arrived(kind, ce_id, headers, event.body)


def _fault(number: int, wrong: CellError) -> Fault:
    """As a file's row is told of, but for what stood there."""
    hint = wrong.hint()
    column = f"column {wrong.column}: " if wrong.column else ""
    detail = f"{column}{wrong.words}{f'; {hint}' if hint else ''}"
    return Fault(detail=detail, pointer=f"/{number}/{wrong.column}")
