"""Due days of checks as a calendar, for whoever has to do with them. Pure."""

from collections.abc import Iterable
from datetime import date

from services.publishing.site.checks import CheckTold
from shared.web import calendars
from shared.web.calendars import Entry


def as_calendar(title: str, checks: Iterable[tuple[CheckTold, str]], on: date) -> str:
    """Each check, with a title of its own. `on` is today: no time of it is told."""
    entries = [
        Entry(f"{check.check}@checks.tribune", check.due_on, summary, check.address)
        for check, summary in checks
    ]
    return calendars.as_calendar(title, "Register of checks", entries, on)
