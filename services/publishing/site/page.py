"""A page as it was rendered from one reading of the database, with room for a word about it."""

from dataclasses import dataclass
from datetime import datetime

from services.publishing.site.progress import Progress

ROOM = "<!-- standing -->"
"""Where a template leaves room; text from elsewhere is escaped and cannot contain it."""


@dataclass(frozen=True)
class Page:
    """`missing` tells what was not in the figures when they were read; None: they were whole."""

    text: str
    read_at: datetime
    missing: Progress | None = None

    def with_standing(self, standing: str = "") -> str:
        return self.text.replace(ROOM, standing, 1)
