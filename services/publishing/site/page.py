"""A page as it was rendered from one reading of the database, with room for a word about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.publishing.site.progress import Progress
from shared.web.answers import Kept

ROOM = "<!-- standing -->"
"""Where a template leaves room; text from elsewhere is escaped and cannot contain it."""


@dataclass(frozen=True)
class Page:
    """`missing` tells what was not in the figures when they were read; None: they were whole."""

    text: str
    read_at: datetime
    missing: Progress | None = None

    def kept(self, finish: Callable[["Page"], Kept]) -> Kept:
        """As all its readers get it; what was finished once stays with the page."""
        found: Kept | None = self.__dict__.get("_kept")
        if found is None:
            found = self.__dict__["_kept"] = finish(self)
        return found

    def with_standing(self, standing: str = "") -> str:
        return self.text.replace(ROOM, standing, 1)
