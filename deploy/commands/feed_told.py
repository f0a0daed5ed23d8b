"""What `tribune publish` tells of a file that it has read: what it gives, what is wrong and odd."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from deploy.feeding.tables import Table
from deploy.feeding.taking import Taken
from deploy.feeding.taking.oddities import oddities, unknown_to
from deploy.meant import settings_at_hand
from deploy.terminal import Terminal
from shared.mapping import Mapping
from shared.runtime.charter import CharterError, read_charter

KINDS_SHOWN = 20


class Asked(Protocol):
    """What matters here of what the command was called with."""

    @property
    def file(self) -> Any: ...
    @property
    def rejects(self) -> Any: ...
    @property
    def charter_draft(self) -> Any: ...
    @property
    def data_dir(self) -> Path | None: ...
    @property
    def as_json(self) -> bool: ...


def tell_problems(
    console: Terminal, taken: Taken, mapping: Mapping, table: Table, asked: Asked
) -> None:
    """Before it is sent: how it was read, what stops it, and what does not."""
    _print(console, f"{table.path}: {table.described()}, {taken.rows:,} rows")
    for line in [
        *_problems(taken, asked),
        *(f"warning: {odd}" for odd in oddities(taken, mapping)),
    ]:
        _print(console, line)


def as_told(console: Terminal, asked: Asked, mapping: Mapping, table: Table, taken: Taken) -> None:
    """All of it, where nothing is sent."""
    warnings = [*oddities(taken, mapping)]
    if not asked.charter_draft:
        warnings += _not_in_the_charter(taken, asked)
    if asked.as_json:
        print(json.dumps(_figures(table, taken, warnings)))  # noqa: T201
        return
    out = Terminal()
    for line in _told(table, taken):
        _print(out, line)
    for line in [*_problems(taken, asked), *(f"warning: {odd}" for odd in warnings)]:
        _print(console, line)


def _told(table: Table, taken: Taken) -> Iterator[str]:
    yield f"{table.path}: {table.described()}, {taken.rows:,} rows"
    for kind in dict.fromkeys(taken.kinds):
        yield f"  {taken.counts[kind]:,} {kind}"
    if taken.rows_without_events:
        yield f"  {taken.rows_without_events:,} rows give no event"
    if taken.counts:
        yield f"  from {taken.earliest} to {taken.latest}"
    named = {field: len(codes) for field, codes in taken.codes.items()}
    yield f"  {named['place']:,} places, {named['sector']:,} sectors"
    for line, kind, event in taken.first:
        yield f"{table.unit} {line:,}: {kind} {event.ce_id}"
        yield f"  {json.dumps(event.data, ensure_ascii=False)}"


def _problems(taken: Taken, asked: Asked) -> Iterator[str]:
    for kind in list(taken.problems)[:KINDS_SHOWN]:
        yield f"{asked.file}, {kind}"
    if len(taken.problems) > KINDS_SHOWN:
        yield f"and {len(taken.problems) - KINDS_SHOWN:,} kinds of problems more"
    if not taken.problems:
        return
    rows = f"{taken.problems.rows:,} of {taken.rows:,} rows are wrong"
    if asked.rejects:
        yield f"{rows}; they are left out, and stand in {asked.rejects} with the reason"
    else:
        yield f"{rows}, and nothing is sent; mend them, or leave them out with --rejects FILE"


def _not_in_the_charter(taken: Taken, asked: Asked) -> Iterator[str]:
    try:
        charter = read_charter(settings_at_hand(asked.data_dir).charter_dir)
    except CharterError as error:
        yield f"places and sectors were not looked up: {error}"
    else:
        yield from unknown_to(charter, taken)


def _figures(table: Table, taken: Taken, warnings: list[str]) -> dict[str, Any]:
    return {
        "read_as": table.described(),
        "rows": taken.rows,
        "rows_without_events": taken.rows_without_events,
        "rows_wrong": taken.problems.rows,
        "events": dict(taken.counts),
        "earliest": taken.earliest,
        "latest": taken.latest,
        "places": dict(taken.codes["place"]),
        "sectors": dict(taken.codes["sector"]),
        "problems": [asdict(kind) for kind in taken.problems],
        "warnings": warnings,
        "first": [
            {"line": line, "kind": kind, "id": event.ce_id, "data": event.data}
            for line, kind, event in taken.first
        ],
    }


def _print(console: Terminal, line: str) -> None:
    console.print(line, highlight=False, soft_wrap=True)
