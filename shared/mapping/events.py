"""One upstream event of one row, written when it is sent."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from shared.eventsourcing.jetstream.wire import Outgoing

T = TypeVar("T")


@dataclass(frozen=True)
class UpstreamEvent:
    """`at` is when it happened, in UTC."""

    at: datetime
    kind: str
    outgoing: Callable[[], Outgoing]


def body_of(data: dict[str, Any]) -> bytes:
    return json.dumps(data).encode()


def outgoing(source: str, kind: str, ce_id: str, at: datetime, body: bytes) -> Outgoing:
    headers = {
        "ce-specversion": "1.0",
        "ce-id": ce_id,
        "ce-source": f"/{source}",
        "ce-type": kind,
        "ce-time": at.isoformat(),
        "content-type": "application/json",
    }
    return Outgoing(f"inbox.{source}.{kind}", body, headers)


def in_batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def as_they_come(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Batches of what can be gone through only once."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
