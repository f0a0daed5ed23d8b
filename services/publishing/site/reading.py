"""One moment of the database, and pages made of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from services.publishing.projections import board, overdue, qualified
from services.publishing.site.page import Page
from services.publishing.site.progress import Goals, Progress
from services.publishing.site.source import Source
from shared.eventsourcing.projections.serving import position
from shared.web.frame import Frame

MODELS = (board.read_model, overdue.read_model, qualified.read_model)


@dataclass(frozen=True)
class Reading:
    """`missing` is what was missing then; up to the sequence `reached` all rows hold all."""

    connection: Connection
    at: datetime
    missing: Progress | None
    reached: int


class Reader:
    """`now` is the service's clock."""

    def __init__(
        self, source: Source, goals: Goals, now: Callable[[], datetime], frame: Frame
    ) -> None:
        self._source = source
        self._goals = goals
        self._now = now
        self._frame = frame

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """The checkpoints come from the same moment as the rows."""
        at = self._now()
        with self._source.snapshot() as connection:
            reached = position(connection, MODELS, "PUBLIC")
            missing = self._goals.missing(reached.sequence, is_shown=reached.is_shown)
            yield Reading(connection, at, missing, reached.sequence)

    def page(self, reading: Reading, template: str, **facts: Any) -> Page:
        """With `canonical`, its path below the site's address, it says where it is; with `thing`
        what it is about, as schema.org has it."""
        facts = {"thing": {}} | facts
        whole = reading.missing is None
        text = self._frame.rendered(template, now=reading.at, whole=whole, **facts)
        return Page(text, reading.at, reading.missing)
