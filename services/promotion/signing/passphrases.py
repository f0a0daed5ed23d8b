"""Passphrases, as Argon2id: hashed beside the event loop, and only so many at a time."""

import asyncio
import unicodedata
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shared.eventsourcing.errors import TryLaterError

T = TypeVar("T")

SHORTEST, LONGEST, LEAST_SIGNS = 12, 200, 5
AT_ONCE, WAITING, WAITING_OF_ONE = 1, 24, 3
COST = PasswordHasher(time_cost=3, memory_cost=46 * 1024, parallelism=1)
"""OWASP asks for 19 MiB and two passes at least; one takes 46 MiB and some tenth of a second."""


class TooBusyError(TryLaterError):
    """More people sign in at this moment than can be looked at."""


def is_good(passphrase: str) -> bool:
    """Long, and not the same few signs again and again."""
    text = _same(passphrase)
    return SHORTEST <= len(text) <= LONGEST and len(set(text)) >= LEAST_SIGNS


class Passphrases:
    """Whoever floods us takes one core, and not the places of all others in the queue: each address
    has a few of its own."""

    def __init__(self, hasher: PasswordHasher = COST) -> None:
        self._hasher = hasher
        self._threads = ThreadPoolExecutor(AT_ONCE, "passphrases")
        self._waiting: Counter[str] = Counter()
        self._nobodys = hasher.hash("the passphrase of nobody")

    async def hashed(self, passphrase: str, address: str = "") -> bytes:
        """Raises TooBusyError."""
        text = _same(passphrase)
        return await self._beside(address, lambda: self._hasher.hash(text).encode())

    async def is_right(self, passphrase: str, kept: bytes | None, address: str = "") -> bool:
        """For somebody who is not there it takes as long. Raises TooBusyError."""
        text, known = _same(passphrase)[:LONGEST], (kept or self._nobodys.encode()).decode()

        def verified() -> bool:
            try:
                return self._hasher.verify(known, text)
            except (VerificationError, InvalidHashError):
                return False

        return await self._beside(address, verified) and kept is not None

    async def _beside(self, address: str, work: Callable[[], T]) -> T:
        if self._waiting.total() >= WAITING or self._waiting[address] >= WAITING_OF_ONE:
            raise TooBusyError("too many sign in at this moment")
        self._waiting[address] += 1
        done = asyncio.get_running_loop().run_in_executor(self._threads, work)
        done.add_done_callback(lambda _: self._left(address))
        return await asyncio.shield(done)

    def _left(self, address: str) -> None:
        """Once the work is done: who goes away before leaves it behind."""
        self._waiting[address] -= 1
        if not self._waiting[address]:
            del self._waiting[address]


def _same(passphrase: str) -> str:
    """However a keyboard composes it."""
    return unicodedata.normalize("NFKC", passphrase)
