"""The events of one row, each as intake will read it; or all that is wrong with the row."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import ValidationError

from shared.contracts.inbox import INBOX_KINDS
from shared.eventsourcing.faults import faults_of
from shared.eventsourcing.inbox.parse import LONGEST_ID, harmless
from shared.mapping.cells import CellError
from shared.mapping.events import body_of
from shared.mapping.mapping import EventRule, Mapping
from shared.mapping.put_right import DEGREES
from shared.mapping.template import Row

DEGREES_ARE = "degrees are written as 45.7589 or 45,7589, south and west with a minus"


class Written(NamedTuple):
    at: datetime
    rule: int
    ce_id: str
    data: dict[str, Any]
    body: bytes


def events_of(mapping: Mapping, row: Row) -> tuple[list[Written], list[CellError]]:
    """Nothing of a row is taken if anything of it is wrong."""
    events: list[Written] = []
    wrongs: list[CellError] = []
    for number, rule in enumerate(mapping.rules):
        try:
            if (at := rule.at(row)) is None:
                continue
            ce_id = rule.ce_id(row)
            data = rule.data(row)
        except CellError as error:
            wrongs.append(error)
            continue
        body = body_of(data)
        wrongs += _wrong_with(rule, ce_id, data, body)
        events.append(Written(at, number, ce_id, data, body))
    return ([], _each_once(wrongs)) if wrongs else (events, [])


def _wrong_with(
    rule: EventRule, ce_id: str, data: dict[str, Any], body: bytes
) -> Iterator[CellError]:
    if harmless(ce_id) is None:
        words = f"is no id of an event: one line of at most {LONGEST_ID} printable signs"
        yield CellError(", ".join(rule.key), ce_id, words)
    try:
        INBOX_KINDS[rule.kind].__pydantic_validator__.validate_json(body)
    except ValidationError as error:
        for fault in faults_of(error):
            name = fault.pointer[1:].partition("/")[0]
            words = f"can't be the {name or 'data'} of a {rule.kind}: {_small(fault.detail)}"
            yield CellError(_columns(rule, name), _shown(data.get(name, "")), words, _hint(name))
    if data.get("outcome") == "duplicate":
        yield from _wrong_duplicate(rule, data)


def _wrong_duplicate(rule: EventRule, data: dict[str, Any]) -> Iterator[CellError]:
    of = data.get("duplicate_of")
    if of is None:
        words = "is a duplicate, and nothing says of which report (duplicate_of)"
        yield CellError(_columns(rule, "outcome"), "duplicate", words)
    elif of == data.get("report"):
        yield CellError(_columns(rule, "duplicate_of"), str(of), "is a duplicate of itself")


def _hint(name: str) -> Callable[[], str]:
    return (lambda: DEGREES_ARE) if name in DEGREES else str


def _shown(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value)


def _columns(rule: EventRule, name: str) -> str:
    return ", ".join(dict.fromkeys(rule.uses.get(name, ())))


def _each_once(wrongs: list[CellError]) -> list[CellError]:
    """The same cell may be wrong for several events."""
    return list({(wrong.column, wrong.words): wrong for wrong in wrongs}.values())


def _small(detail: str) -> str:
    return detail[:1].lower() + detail[1:]
