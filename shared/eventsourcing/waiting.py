"""What has to wait holds up what comes after it, and nothing that came before."""

from collections.abc import Iterable

from shared.eventsourcing.errors import TryLaterError


def first_to_wait(errors: Iterable[Exception | None]) -> tuple[int, TryLaterError] | None:
    """Which of them, counted from 0, and why; None if nothing has to wait."""
    for index, error in enumerate(errors):
        if isinstance(error, TryLaterError):
            return index, error
    return None
