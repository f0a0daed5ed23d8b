"""The feeds: Atom, of all or of one place or sector, with archives that hold all there ever was.

An archive is a block of PUBLIC, by sequence: complete once PUBLIC has gone on, so nothing is added
to it. What changes moves to the newest document, and a reader who has seen an archive misses none.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from services.publishing.projections import bulletins, overdue, qualified, questions
from services.publishing.projections.changes import Changes
from services.publishing.site import words
from services.publishing.site.page import Page
from services.publishing.site.places import Register
from services.publishing.site.reading import Reader, Reading
from services.publishing.site.sorry import NotFoundError, NotWholeError
from shared.eventsourcing.projections.read_model import Row
from shared.runtime.charter import Charter
from shared.web.paging import address

BLOCK = 500
LEAST = 50
"""As many the newest document has, if there are so many."""

OF = {
    "overdue": (overdue.read_model, "changed"),
    "qualified": (qualified.read_model, "sequence"),
    "questions": (questions.read_model, "changed"),
    "bulletins": (bulletins.read_model, "changed"),
}
BEGAN = {
    "overdue": ("raised_at", "raised"),
    "bulletins": ("issued_at", "issued"),
    "questions": ("asked_at", "asked"),
}
"""The columns of when an entry began, where it changes later."""


@dataclass(frozen=True)
class Asked:
    """Which feed: of a place and all below it, of a sector; an archive of it or the newest."""

    kind: str
    place: str | None = None
    sector: str | None = None
    archive: int | None = None

    def path(self, archive: int | None) -> str:
        """Within the site."""
        name = self.kind if archive is None else f"{self.kind}/{archive}"
        return address(f"feed/{name}.atom", place=self.place, sector=self.sector)


class Feeds:
    """Methods block: use a thread."""

    def __init__(self, reader: Reader, charter: Charter) -> None:
        self._reader = reader
        self._charter = charter
        self._register = Register(charter.places)

    def feed(self, asked: Asked, base: str) -> Page:
        """`base` is the site's address with a slash at its end. Raises NotFoundError where there is
        no such archive yet, NotWholeError while only rows of an older version are shown."""
        with self._reader.reading() as reading:
            if asked.kind == "overdue" and overdue.is_former(reading.connection):
                raise NotWholeError
            changes = self._changes(asked)
            rows, around = self._rows(reading, changes, asked)
            entries = [row | self._times(asked.kind, row) for row in rows]
            return self._reader.page(
                reading,
                f"{asked.kind}.atom",
                rows=entries,
                updated=entries[0]["updated"] if entries else self._time(reading.at, 0),
                base=base,
                asked=asked,
                around={rel: base + path for rel, path in around.items()},
                id=self._id(asked),
            )

    def _rows(
        self, reading: Reading, changes: Changes, asked: Asked
    ) -> tuple[list[Row], Mapping[str, str]]:
        """And the addresses of other documents."""
        connection, complete = reading.connection, reading.reached // BLOCK
        if asked.archive is None:
            rows = changes.since(connection, complete * BLOCK, LEAST)
            return rows, self._before(connection, changes, asked, complete)
        if asked.archive >= complete:
            raise NotFoundError
        start, end = asked.archive * BLOCK, (asked.archive + 1) * BLOCK
        around = {"current": asked.path(None)}
        around |= self._before(connection, changes, asked, asked.archive)
        behind = changes.first(connection, end)
        if behind is not None and behind <= complete * BLOCK:
            around["next-archive"] = asked.path((behind - 1) // BLOCK)
        return changes.between(connection, start, end), around

    def _before(
        self, connection: Connection, changes: Changes, asked: Asked, block: int
    ) -> Mapping[str, str]:
        last = changes.last(connection, block * BLOCK)
        return {} if last is None else {"prev-archive": asked.path((last - 1) // BLOCK)}

    def _changes(self, asked: Asked) -> Changes:
        model, column = OF[asked.kind]
        within = self._register.within(asked.place) if asked.place else None
        return Changes(model, column, within, asked.sector)

    def _times(self, kind: str, row: Row) -> Row:
        if kind == "qualified":
            at = self._time(row["recorded_at"], row["sequence"])
            return {"published": at, "updated": at}
        return {
            "published": self._time(*(row[column] for column in BEGAN[kind])),
            "updated": self._time(row["changed_at"], row["changed"]),
        }

    def _time(self, moment: datetime, sequence: int) -> str:
        return words.entry_time(self._charter.language, moment, sequence)

    def _id(self, asked: Asked) -> str:
        name = f"tribune:{self._charter.name}:{asked.kind}"
        if asked.place or asked.sector:
            name += f":{asked.place or ''}:{asked.sector or ''}"
        return uuid.uuid5(uuid.NAMESPACE_URL, name).urn
