"""A page as it was rendered from one reading of the database, with room for a word about it."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime

from services.publishing.site.progress import Progress
from shared.web.answers import Kept

ROOM = "<!-- standing -->"
"""Where a template leaves room; text from elsewhere is escaped and cannot contain it."""

BEGINS, ENDS = "<!-- part -->", "<!-- end -->"
"""Around each part that an open page follows. Readers of the page get no such marks."""

_PART = re.compile(f"{BEGINS}(.*?){ENDS}", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """`missing` tells what was not in the figures when they were read; None: they were whole."""

    text: str
    read_at: datetime
    missing: Progress | None = None
    _kept: dict[Hashable, Kept] = field(default_factory=dict, compare=False, repr=False)

    def kept(self, key: Hashable, finish: Callable[[], Kept]) -> Kept:
        """As all its readers get it; what was finished once stays with the page."""
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = finish()
        return found

    def with_standing(self, standing: str = "") -> str:
        return self._said(standing).replace(BEGINS, "").replace(ENDS, "")

    def parts(self, standing: str = "") -> str:
        """Each as it stands in the page, and nothing else of it."""
        return "\n".join(_PART.findall(self._said(standing)))

    def _said(self, standing: str) -> str:
        return self.text.replace(ROOM, standing, 1)
