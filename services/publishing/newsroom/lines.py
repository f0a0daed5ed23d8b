"""What stands in an issue of something that nobody wrote a story about: one line of the suite's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from shared.web.language import Language, Marked, marked

LINES: Mapping[str, Marked] = {
    "raised": marked("%(place)s, %(sector)s: what was due on %(day)s is late, and was passed up."),
    "overdue": marked("%(place)s, %(sector)s: what was due on %(day)s is overdue."),
    "refuted": marked("%(place)s, %(sector)s: said to be done, and on %(day)s not found so."),
    "upheld": marked("%(place)s, %(sector)s: done, as checkers found on %(day)s."),
    "late": marked("%(place)s, %(sector)s: done late, on %(day)s."),
    "done": marked("%(place)s, %(sector)s: done in time, on %(day)s."),
}


@dataclass(frozen=True)
class Lines:
    """`places` and `sectors` are names by code."""

    language: Language
    places: Mapping[str, str]
    sectors: Mapping[str, str]

    def of(self, news: str, place: str, sector: str | None, on: date) -> str:
        """Of a check, not of a story. It names neither who owes something nor what."""
        return self.language.gettext(
            LINES[news],
            place=self.places.get(place, place),
            sector=self.sectors.get(sector or "", sector or ""),
            day=self.language.day(on),
        )
