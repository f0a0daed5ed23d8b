"""When the events of one row are sent: as they happened, and none before what it rests on."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from typing import TypeVar

T = TypeVar("T")

RESTS_ON = {
    "report.resolved": "report.submitted",
    "report.corroborated": "report.submitted",
    "report.reopened": "report.resolved",
    "report.attached": "report.submitted",
    "commitment.made": "report.submitted",
    "commitment.handed-over": "commitment.made",
    "commitment.done": "commitment.made",
    "commitment.paused": "commitment.made",
    "commitment.resumed": "commitment.paused",
    "commitment.more-time-asked": "commitment.made",
    "commitment.appealed": "commitment.done",
}
CLAIMS = (
    *("report.resolved", "report.corroborated", "report.reopened", "report.attached"),
    *("commitment.handed-over", "commitment.done", "commitment.paused"),
    *("commitment.resumed", "commitment.more-time-asked", "commitment.appealed"),
)


def _depth(kind: str) -> int:
    return 1 + _depth(RESTS_ON[kind]) if kind in RESTS_ON else 0


def in_turn(
    events: Iterable[T], of: Callable[[T], tuple[datetime, str]]
) -> Iterator[tuple[datetime, T]]:
    """`of` gives the time and the kind of one. Each comes with the time that it is sent by: its
    own, or that of what it rests on if that is later, as where only the day of a closing is known,
    or a clock was wrong."""
    latest: dict[str, datetime] = {}
    for event in sorted(events, key=lambda event: _depth(of(event)[1])):
        happened, kind = of(event)
        at = max(happened, latest.get(RESTS_ON.get(kind, ""), happened))
        latest[kind] = max(at, latest.get(kind, at))
        yield at, event


def lacking(found: Collection[str], kinds: Collection[str]) -> Iterator[tuple[str, str]]:
    """Kinds of a row, each with that which it claims something of, where the mapping has that and
    the row does not."""
    for kind in CLAIMS:
        if kind in found and RESTS_ON[kind] in kinds and RESTS_ON[kind] not in found:
            yield kind, RESTS_ON[kind]
