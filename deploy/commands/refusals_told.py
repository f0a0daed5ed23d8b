"""Refusals as they are told: by reason, place and value, with the first example of each."""

from collections.abc import Iterator
from pathlib import Path
from shlex import quote
from typing import Any

from deploy.looking.refusals import Counted, Example, Reason, Refusals, most_frequent, printed
from shared.contracts.receipt import Fault
from shared.eventsourcing.jetstream.wire import one_line

REASONS_SHOWN, VALUES_SHOWN = 20, 5
IN_THE_CHARTER = {
    "urn:tribune:problem:unknown-place": "places.toml",
    "urn:tribune:problem:unknown-sector": "sectors.toml",
}


def refusal_lines(refusals: Refusals) -> Iterator[str]:
    """What is most frequent comes first."""
    reasons = list(refusals)
    for reason in reasons[:REASONS_SHOWN]:
        yield from _lines(reason)
    if hidden := refusals.others + sum(reason.count for reason in reasons[REASONS_SHOWN:]):
        yield f"{hidden:>9,}  for other reasons"


def _lines(reason: Reason) -> Iterator[str]:
    values = most_frequent(reason)
    first = "" if values else _first(reason.first)
    yield f"{reason.count:>9,}  {in_words(reason.problem.title, reason.fault)}{first}"
    for value in values[:VALUES_SHOWN]:
        yield f"{value.count:>17,}  {printed(value.value)}{_first(value.first)}"
    if more := sum(value.count for value in values[VALUES_SHOWN:]) + reason.other_values:
        yield f"{more:>17,}  with other values"


def in_words(title: str, fault: Fault) -> str:
    """The texts are intake's own, and repeat nothing that was sent."""
    at = f" at {fault.pointer}" if fault.pointer else ""
    return one_line(f"{title}{at}: {fault.detail}")


def _first(example: Example) -> str:
    called = f" {one_line(example.ce_id)}" if example.ce_id else ""
    return f"   first:{called} {example.where}"


def what_to_do(refusals: Refusals, source: str, data_dir: Path | None) -> Iterator[str]:
    """For who has just sent it."""
    if not refusals.total:
        return
    types = {reason.problem.type for reason in refusals}
    if files := [file for unknown, file in IN_THE_CHARTER.items() if unknown in types]:
        yield (
            f"To take them in, add what the charter does not know to its {' and '.join(files)},"
            " start the suite again and publish the same file once more"
        )
    folder = f" --data-dir {quote(str(data_dir))}" if data_dir else ""
    yield (
        f"`tribune receipts --refused --source {source}{folder}` tells it again later, and `tribune"
        f" receipts ID{folder}` what became of one message"
    )


def refusal_figures(refusals: Refusals) -> list[dict[str, Any]]:
    """All that was kept; what there were too many different ones of is only counted."""
    return [
        {
            "type": reason.problem.type,
            "title": reason.problem.title,
            "pointer": reason.fault.pointer,
            "detail": reason.fault.detail,
            "refused": reason.count,
            "first": _example(reason.first),
            "values": [_value(value) for value in most_frequent(reason)],
            "other_values": reason.other_values,
        }
        for reason in refusals
    ]


def _value(counted: Counted) -> dict[str, Any]:
    return {
        "value": counted.value,
        "refused": counted.count,
        "first": _example(counted.first),
    }


def _example(example: Example) -> dict[str, Any]:
    return {"ce_id": example.ce_id, "message": str(example.where)}
