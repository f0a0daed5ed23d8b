"""The list of all that was erased: a file that outlives every backup, and says nothing of anybody.

A log and a vault that are both put back from before an erasure know nothing of it. The list does:
it has ids alone, so it may be copied anywhere, and kept for ever.
"""

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from shared.contracts.event import Event
from shared.contracts.person import PersonErased
from shared.runtime.vault.errors import VaultAwayError

ERASED_LIST = "erased.list"
_LINE = re.compile(r"(report|person) ([0-9a-f]{32})( may return)?")


class Erasure(NamedTuple):
    """Of a `report` or a `person`."""

    kind: str
    id: str
    may_return: bool = False

    @property
    def line(self) -> str:
        return f"{self.kind} {self.id}{' may return' if self.may_return else ''}"


def erasure_of(event: Event) -> Erasure:
    may_return = isinstance(event, PersonErased) and event.may_return
    return Erasure(event.aggregate, event.aggregate_id, may_return)


class ErasedList:
    """Several processes may add to it; what stands in it twice harms nothing. All that goes wrong
    with the file raises VaultAwayError."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> list[Erasure]:
        """A line that a death has torn is none; whoever was over it adds it again."""
        found = map(_LINE.fullmatch, self._text().splitlines())
        return [Erasure(each[1], each[2], bool(each[3])) for each in found if each]

    def add(self, erasures: Iterable[Erasure]) -> None:
        """All are on disk afterwards."""
        text = self._text()
        there, torn = set(text.splitlines()), text and not text.endswith("\n")
        lines = "".join(f"{each.line}\n" for each in erasures if each.line not in there)
        if not lines:
            return
        try:
            is_new = not self.path.exists()
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            with os.fdopen(os.open(self.path, flags, 0o600), "w") as file:
                file.write(f"\n{lines}" if torn else lines)
                file.flush()
                os.fsync(file.fileno())
            if is_new:
                self._sync_folder()
        except OSError as error:
            raise self._away(error) from None

    def _text(self) -> str:
        try:
            return self.path.read_text(errors="replace")
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise self._away(error) from None

    def _sync_folder(self) -> None:
        descriptor = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _away(self, error: OSError) -> VaultAwayError:
        return VaultAwayError(f"{self.path} can't be used ({error.strerror})")
