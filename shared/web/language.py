"""The language of an instance and its time zone: words, numbers and days for its readers."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NewType
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers

from shared.web.catalogues import ENGLISH, PLACEHOLDER, Words
from shared.web.zones import IN_UTC

A_DAY = datetime(2000, 1, 1)  # noqa: DTZ001  of a zone, whichever it is
LEAST_SHARE, ROUNDS_UP_FROM = 0.01, 0.005

PLAIN_ENGLISH = {"day": "d MMM y", "time": "HH:mm", "percent": "#,##0 %"}
"""3 Jul 2011, 14:05, 4 %: English alone is nobody's in particular. `en-US` is as over there."""


Marked = NewType("Marked", str)
"""English that stands in the catalogues."""


def marked(text: str) -> Marked:
    """It is said in the reader's language later; marked, so that it gets into the catalogues."""
    return Marked(text)


def filled(text: str, put: Callable[[str], str]) -> str:
    """With something for each `%(name)s` in it."""
    return PLACEHOLDER.sub(lambda found: put(found[1]), text)


class Language:
    """`tag` as in BCP 47, `zone` as in IANA's list; both are known to be some."""

    def __init__(self, tag: str = ENGLISH, zone: str = IN_UTC, words: Words | None = None) -> None:
        self.tag = tag
        self.zone = ZoneInfo(zone)
        self.words = words or Words()
        self._locale = Locale.parse(tag, sep="-")
        self._plain = PLAIN_ENGLISH if tag == ENGLISH else {}

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return self._locale.text_direction

    @property
    def city(self) -> str:
        """By which the zone is known; nothing for UTC."""
        if self.zone.tzname(A_DAY) == IN_UTC:
            return ""
        return dates.get_timezone_location(self.zone, locale=self._locale, return_city=True)

    # Words

    def gettext(self, text: str, **values: object) -> str:
        """`%(name)s` in the text stands for a value."""
        return _with(self.words.one(text), values)

    def pgettext(self, context: str, text: str, **values: object) -> str:
        """Where one English word has several meanings."""
        return _with(self.words.one(text, context), values)

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        """`%(num)s` is the number."""
        said = self.words.several(one, many, number)
        return _with(said, {"num": self.number(number), **values})

    # Figures

    def number(self, value: int) -> str:
        """58251 as 58,251."""
        return numbers.format_decimal(value, locale=self._locale)

    def percent(self, share: float) -> str:
        """In whole ones; what is not all is never 100 %, and what is something never 0 %."""
        if 0 < share <= ROUNDS_UP_FROM:
            return self.gettext("under %(share)s", share=self.percent(LEAST_SHARE))
        if 1 - ROUNDS_UP_FROM <= share < 1:
            return self.gettext("over %(share)s", share=self.percent(1 - LEAST_SHARE))
        whole = Decimal(f"{100 * share:.0f}") / 100
        return numbers.format_percent(whole, self._plain.get("percent"), locale=self._locale)

    # Days

    def on_day(self, moment: datetime) -> date:
        """In the zone."""
        return moment.astimezone(self.zone).date()

    def day(self, moment: date) -> str:
        """3 Jul 2011, in the zone. What is a day already stays the one it is."""
        on = self.on_day(moment) if isinstance(moment, datetime) else moment
        if "day" in self._plain:
            return dates.format_date(on, self._plain["day"], locale=self._locale)
        return dates.format_skeleton("yMMMd", on, locale=self._locale)

    def month(self, of: date) -> str:
        """Jul 2011."""
        if "day" in self._plain:
            return dates.format_date(of, "MMM y", locale=self._locale)
        return dates.format_skeleton("yMMM", of, locale=self._locale)

    def time_of_day(self, moment: datetime) -> str:
        """14:05 EDT: at the end of summer there are two such hours."""
        there = moment.astimezone(self.zone)
        how = self._plain.get("time", "short")
        name = there.tzname() or ""
        name = f"UTC{name}" if name[:1] in ("+", "-") else name
        return f"{dates.format_time(there, how, tzinfo=self.zone, locale=self._locale)} {name}"


def machine_time(moment: date) -> str:
    """For `datetime` attributes and feeds: RFC 3339 in UTC."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return moment.isoformat()


def _with(text: str, values: dict[str, object]) -> str:
    return filled(text, lambda name: str(values[name])) if values else text
