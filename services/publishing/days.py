"""Of which day a moment is, as what is public says it."""

from datetime import date, datetime, tzinfo

from shared.contracts.values import EARLIEST

FIRST = EARLIEST.date()


def day(moment: datetime, zone: tzinfo) -> date:
    """West of Greenwich the earliest moment there may be is of a day before the earliest one."""
    return max(moment.astimezone(zone).date(), FIRST)
