"""Tells of our own faults in the log: whole, but not again for each visitor who meets the same."""

import time

import structlog

QUIET_FOR_S = 60.0


class Faults:
    def __init__(self) -> None:
        self._told: dict[tuple[str, str], float] = {}
        self._untold: dict[tuple[str, str], int] = {}

    def met(self, path: str, error: Exception) -> None:
        kind = type(error).__name__, _where(error)
        now = time.monotonic()
        if kind in self._told and now - self._told[kind] < QUIET_FOR_S:
            self._untold[kind] = self._untold.get(kind, 0) + 1
            return
        self._told[kind] = now
        log = structlog.get_logger()
        log.error("a page failed", path=path, untold=self._untold.pop(kind, 0), exc_info=error)


def _where(error: Exception) -> str:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return f"{place.tb_frame.f_code.co_qualname}:{place.tb_lineno}" if place else ""
