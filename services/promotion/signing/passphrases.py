"""Passphrases, as Argon2id: hashed beside the event loop, and only so many at a time."""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.promotion.signing.turns import Place, Queue, TooBusyError, Waiting, settle

__all__ = ["Passphrases", "Place", "TooBusyError", "is_good"]

T = TypeVar("T")

SHORTEST, LONGEST, LEAST_SIGNS = 12, 200, 5
WAITING, WAITING_OF_ONE = 24, 3
OWN_WAITING, OWN_WAITING_OF_ONE = 12, 2
NOWHERE = Place()
COST = PasswordHasher(time_cost=3, memory_cost=46 * 1024, parallelism=1)
"""OWASP asks for 19 MiB and two passes at least; one takes 46 MiB and some tenth of a second."""


def is_good(passphrase: str) -> bool:
    """Long, and not the same few signs again and again."""
    text = _same(passphrase)
    return SHORTEST <= len(text) <= LONGEST and len(set(text)) >= LEAST_SIGNS


class Passphrases:
    """Whoever floods us takes one core, and not the places of all others in the queue: each network
    has a few of its own, and browsers that their owners called theirs have others. Those and these
    come in turn."""

    def __init__(self, hasher: PasswordHasher = COST) -> None:
        self._hasher = hasher
        self._thread = ThreadPoolExecutor(1, "passphrases")
        self._own = Queue(OWN_WAITING, OWN_WAITING_OF_ONE)
        self._others = Queue(WAITING, WAITING_OF_ONE)
        self._in_turn = [self._own, self._others]
        self._is_at_work = False
        self._nobodys = hasher.hash("the passphrase of nobody")

    async def hashed(self, passphrase: str, place: Place = NOWHERE) -> bytes:
        """Raises TooBusyError."""
        text = _same(passphrase)
        return await self._beside(place, lambda: self._hasher.hash(text).encode())

    async def is_right(self, passphrase: str, kept: bytes | None, place: Place = NOWHERE) -> bool:
        """For somebody who is not there it takes as long. Raises TooBusyError."""
        text, known = _same(passphrase)[:LONGEST], (kept or self._nobodys.encode()).decode()

        def verified() -> bool:
            try:
                return self._hasher.verify(known, text)
            except (VerificationError, InvalidHashError):
                return False

        return await self._beside(place, verified) and kept is not None

    async def _beside(self, place: Place, work: Callable[[], T]) -> T:
        queue = self._own if place.is_own else self._others
        done = queue.join(place, work)
        self._go_on()
        return await asyncio.shield(done)

    def _go_on(self) -> None:
        """One at a time; what was last served is asked last for the next one."""
        if self._is_at_work:
            return
        for queue in self._in_turn:
            if waiting := queue.take():
                self._in_turn = [*(each for each in self._in_turn if each is not queue), queue]
                self._is_at_work = True
                at_work = asyncio.get_running_loop().run_in_executor(self._thread, waiting.work)
                at_work.add_done_callback(partial(self._did, queue, waiting))
                return

    def _did(self, queue: Queue, waiting: Waiting, work: asyncio.Future[Any]) -> None:
        queue.leave(waiting.place)
        self._is_at_work = False
        settle(waiting.done, work)
        self._go_on()


def _same(passphrase: str) -> str:
    """However a keyboard composes it."""
    return unicodedata.normalize("NFKC", passphrase)
