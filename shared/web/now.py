"""This machine's time, by which sessions and keys end, whatever clock a demonstration has."""

from collections.abc import Callable
from datetime import UTC, datetime

Now = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)
