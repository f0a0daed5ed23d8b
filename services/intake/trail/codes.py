"""Receipt codes: sixteen digits by which whoever filed a report finds it again, and nobody else."""

import asyncio
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from argon2.low_level import Type, hash_secret_raw

from shared.eventsourcing.digests import Digests
from shared.web.turns import Turns

DIGITS = 16
MOST_WAITING, MOST_OF_ONE = 16, 2
"""For all, and of those for one address."""
LONGEST_TYPED = 60
OF_FORMS = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True)
class Cost:
    """As OWASP asks for at least: 19 MiB and two passes, some hundredths of a second."""

    passes: int = 2
    kib: int = 19 * 1024


class ReceiptCodes:
    """A report is called by what Argon2id makes of its code under this instance's key. So no code
    is written down anywhere, and whoever has all of the log and every database finds none, also by
    trying. A form says who it is (`once`), so that one that is sent twice has one code."""

    def __init__(self, digests: Digests, cost: Cost | None = None) -> None:
        self._digests = digests
        self._cost = cost or Cost()
        self._salt = bytes.fromhex(digests.of("salt of receipt codes"))
        self._thread = ThreadPoolExecutor(1, "receipt-codes")
        self._turns = Turns(MOST_WAITING, MOST_OF_ONE)

    def code_of(self, once: str) -> str:
        """In groups of four digits."""
        number = int(self._digests.of("receipt code", once), 16) % 10**DIGITS
        digits = f"{number:0{DIGITS}}"
        return " ".join(digits[start : start + 4] for start in range(0, DIGITS, 4))

    async def name_of(self, code: str) -> str:
        """32 hexadecimal digits. Raises NoTurnError."""
        with self._turns.one():
            work = partial(self._name, code.replace(" ", ""))
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _name(self, digits: str) -> str:
        cost = self._cost
        return hash_secret_raw(
            digits.encode(), self._salt, cost.passes, cost.kib, 1, 16, Type.ID
        ).hex()


def read_code(typed: str) -> str | None:
    """Sixteen digits, in whatever script and however they are grouped; None for anything else."""
    if len(typed) > LONGEST_TYPED:
        return None
    digits = [unicodedata.decimal(sign, None) for sign in typed if not _parts(sign)]
    if len(digits) != DIGITS or None in digits:
        return None
    return "".join(map(str, digits))


def _parts(sign: str) -> bool:
    """Blanks, dashes, and signs that only say which way a line runs."""
    return sign.isspace() or unicodedata.category(sign) in ("Pd", "Cf")
