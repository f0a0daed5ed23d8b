"""Turns at what is dear: so many wait for one at a time, and of those so many of one address."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from shared.web.fair_share import ASKING


class NoTurnError(Exception):
    """So many wait already that the next one would wait too long."""


class Turns:
    """`of_one` is less than `most`, so that one address leaves some for others; where it can't be
    told whose request it is only `most` counts."""

    def __init__(self, most: int, of_one: int) -> None:
        self._most = most
        self._of_one = of_one
        self._waiting = Counter[str | None]()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Raises NoTurnError."""
        address = ASKING.get()
        theirs = self._waiting[address] if address is not None else 0
        if theirs >= self._of_one or self._waiting.total() >= self._most:
            raise NoTurnError
        self._waiting[address] += 1
        try:
            yield
        finally:
            self._waiting[address] -= 1
            if not self._waiting[address]:
                del self._waiting[address]
