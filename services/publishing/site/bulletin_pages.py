"""The pages of bulletins: their list, each issue, and the same to be read aloud."""

from collections.abc import Mapping
from typing import Any

from services.publishing.domain.share import lacking, measured
from services.publishing.newsroom.lines import Lines
from services.publishing.newsroom.words import Told
from services.publishing.projections import bulletins
from services.publishing.projections.bulletins import contents_of
from services.publishing.site.bulletin_aloud import aloud
from services.publishing.site.bulletin_items import Items, Shown
from services.publishing.site.bulletin_words import CHOSEN
from services.publishing.site.page import Page
from services.publishing.site.reading import Reader, Reading
from services.publishing.site.sorry import NotFoundError, NothingToShowError
from shared.eventsourcing.projections.read_model import Row
from shared.runtime.charter import Charter
from shared.web.frame import Frame
from shared.web.paging import paged

BULLETINS = "/bulletins"
ON_A_PAGE = 30


class BulletinPages:
    """`told` gives texts that are there still. Methods block: use a thread."""

    def __init__(self, reader: Reader, charter: Charter, frame: Frame, told: Told) -> None:
        self._reader, self._frame, self._charter = reader, frame, charter
        lines = Lines(frame.language, charter.places, charter.sectors)
        self._items = Items(told, lines)

    def listed(self, before: int | None) -> Page:
        with self._reader.reading() as reading:
            rows = bulletins.newest(reading.connection, ON_A_PAGE + 1, None, before)
            where = f"{self._frame.sites.root}{BULLETINS}"
            found = paged(rows, ON_A_PAGE, where, before, "sequence")
            facts = {"canonical": BULLETINS.lstrip("/"), "list": found, "place": None}
            numbers = {row["number"]: len(contents_of(row).items) for row in rows[:ON_A_PAGE]}
            return self._reader.page(reading, "bulletins.html", of=numbers, **facts)

    def one(self, number: int) -> Page:
        """Raises NotFoundError, or NothingToShowError where it may be one of those that are not
        there yet."""
        with self._reader.reading() as reading:
            row = self._row(reading, number)
            facts: dict[str, Any] = {"canonical": f"bulletins/{number}", "place": None}
            facts |= {"bulletin": row}
            if row["withdrawn_on"]:
                return self._reader.page(reading, "bulletin.html", **facts)
            contents = contents_of(row)
            of = contents.items, contents.heard, contents.terms
            return self._reader.page(
                reading,
                "bulletin.html",
                terms=contents.terms,
                shown=self._shown(reading, row),
                measures=measured(*of),
                lacks=lacking(*of),
                chosen=self._said(),
                **facts,
            )

    def aloud(self, number: int) -> Page:
        """As plain text. Raises as above."""
        with self._reader.reading() as reading:
            row = self._row(reading, number)
            shown = [] if row["withdrawn_on"] else self._shown(reading, row)
            text = aloud(row, shown, self._charter.name, self._charter.places, self._frame.language)
            return Page(text, reading.at, reading.missing)

    def _row(self, reading: Reading, number: int) -> Row:
        found = bulletins.one(reading.connection, number)
        if found is None:
            raise NothingToShowError if reading.missing else NotFoundError
        return found

    def _shown(self, reading: Reading, row: Row) -> list[Shown]:
        return [self._items.shown(reading, each) for each in contents_of(row).items]

    def _said(self) -> Mapping[str, str]:
        return {name: self._frame.language.gettext(text) for name, text in CHOSEN.items()}
