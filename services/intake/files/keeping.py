"""Keeps the files of reports in the object store, sealed by a key that each report has for them."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from services.intake.files.cleaning import Cleaner
from services.intake.files.sorts import kind_of
from services.intake.files.waiting import Waiting
from services.intake.files.yielding import Yielding
from shared.contracts.attachment import (
    Attached,
    file_digest,
    files_of,
    name_of,
    named,
    picture_of,
)
from shared.eventsourcing.errors import DomainError, LogFullError
from shared.runtime.box import Box
from shared.runtime.vault.vault import Vault

STEP, LENGTH_BYTES = 64 * 1024, 4
"""How large a sealed file is says no more than this of how large it was."""

SEALED_ADDS = 28
"""What the cipher adds: a nonce and a tag."""


class Store(Protocol):
    """What it asks of the object store."""

    async def put(
        self, name: str, content: bytes, now: datetime, *, yields: bool = False
    ) -> bool: ...
    async def renew(self, name: str, now: datetime, *, stays: bool = False) -> bool: ...
    async def get(self, name: str) -> bytes | None: ...
    async def delete_under(self, first: str) -> int: ...
    async def held(self) -> int: ...


class ErasedFilesError(DomainError):
    """The report was erased: nothing more is kept of it."""


@dataclass(frozen=True)
class Files:
    """`most_bytes` is what all of them may take. With `waiting` they are people's, of whom nobody
    knows whether they file what they uploaded: it yields, and one address has a part of it."""

    vault: Vault
    store: Store
    cleaner: Cleaner
    now: Callable[[], datetime]
    most_bytes: int
    yielding: Yielding | None = None
    waiting: Waiting | None = None

    def of_people(self) -> "Files":
        """They have half of the room."""
        most = self.most_bytes // 2
        return replace(self, most_bytes=most, waiting=Waiting(most, self.now))

    async def take(self, report_id: str, content: bytes) -> str:
        """The name under which a message may say that it goes with the report, for as long as that
        is good. The same file twice is one, and is not cleaned again; of what can't be cleaned no
        key is made.

        Raises UncleanError, ErasedFilesError, LogFullError, and what the vault and the log do.
        """
        kind = kind_of(content)
        key, cleaned = await asyncio.to_thread(self.vault.key_of, files_of(report_id)), None
        if key is None:
            cleaned = await self.cleaner.clean(content)
            key = await asyncio.to_thread(self._key, report_id)
        digest = file_digest(key, sha256(content).digest())
        before = await self._opened(key, report_id, digest, "whole")
        if before is not None:  # it waits for a report as long as one that is new
            self._require_turn(report_id, digest, len(before))
            if not await self._renewed(report_id, digest, kind):
                before = None
        if before is None:
            cleaned = cleaned or await self.cleaner.clean(content)
            size = len(cleaned.whole) + len(cleaned.preview)
            await self._require_room(size)
            self._require_turn(report_id, digest, size)
            if cleaned.preview:
                await self._put(key, report_id, digest, "preview", cleaned.preview)
            await self._put(key, report_id, digest, "whole", cleaned.whole)
            before = cleaned.whole
        return name_of(key, Attached(digest, kind, len(_padded(before))), self.now())

    async def keep(self, report_id: str, names: Sequence[str]) -> bool:
        """Whether all that was uploaded under these names is still there; then it waits as long as
        what is new, until intake has read who names it. Raises what the log does."""
        said = [name.split(".") for name in names]
        there = [await self._renewed(report_id, digest, kind) for digest, kind, *_ in said]
        return all(there)

    def filed(self, report_id: str) -> None:
        if self.waiting:
            self.waiting.filed(report_id)

    def named(self, report_id: str, names: Sequence[str]) -> list[Attached] | None:
        """What these names say; None unless all were told for files of this report. Raises
        VaultAwayError."""
        key, now = self.vault.key_of(files_of(report_id)), self.now()
        found = [named(key, name, now) if key else None for name in names]
        whole = [each for each in found if each is not None]
        return whole if len(whole) == len(names) else None

    async def whole(self, report_id: str, digest: str) -> bytes | None:
        """None where nobody can open it any more. Raises VaultAwayError, LogUnavailableError."""
        return await self._looked_up(report_id, digest, "whole")

    async def preview(self, report_id: str, digest: str) -> bytes | None:
        return await self._looked_up(report_id, digest, "preview")

    async def public_name(self, report_id: str, digest: str, of: str = "") -> str | None:
        """What a picture is called in public; None of what is none, or can't be opened. The same
        has another name in each thing that it is shown `of`: nobody sees that one took both. Raises
        VaultAwayError, LogUnavailableError."""
        key = await asyncio.to_thread(self.vault.key_of, files_of(report_id))
        if key is None or await self._opened(key, report_id, digest, "preview") is None:
            return None
        return picture_of(key, f"{of}/{digest}" if of else digest)

    async def forget(self, report_id: str) -> None:
        """Without their key they are noise; it is done so that the disk has room."""
        await self.store.delete_under(report_id)

    async def _renewed(self, report_id: str, digest: str, kind: str) -> bool:
        """Whether all of it is still there: a picture has a preview. What a source uploads as well
        yields no more, for it is told until when it is kept."""
        whiches = ("whole",) if kind == "pdf" else ("preview", "whole")
        names = [_name(report_id, digest, which) for which in whiches]
        now, stays = self.now(), self.waiting is None
        return all([await self.store.renew(name, now, stays=stays) for name in names])

    async def _require_room(self, size: int) -> None:
        """Raises LogFullError."""
        over = await self.store.held() + size - self.most_bytes
        if over > 0 and not (self.yielding and await self.yielding.make_room(over)):
            raise LogFullError(
                f"what goes with reports may take no more than {self.most_bytes:,} bytes"
            )

    def _require_turn(self, report_id: str, digest: str, size: int) -> None:
        """Raises LogFullError."""
        if self.waiting and not self.waiting.takes(report_id, digest, size):
            raise LogFullError("of this address too much waits for its report")

    def _key(self, report_id: str) -> bytes:
        key = self.vault.keys_of([files_of(report_id)])[files_of(report_id)]
        if key is None:
            raise ErasedFilesError("The report was erased: nothing more is kept of it.")
        return key

    async def _looked_up(self, report_id: str, digest: str, which: str) -> bytes | None:
        key = await asyncio.to_thread(self.vault.key_of, files_of(report_id))
        return await self._opened(key, report_id, digest, which) if key else None

    async def _opened(self, key: bytes, report_id: str, digest: str, which: str) -> bytes | None:
        sealed = await self.store.get(_name(report_id, digest, which))
        padded = _box(key).open(sealed, report_id, digest, which) if sealed else None
        if padded is None:
            return None
        end = LENGTH_BYTES + int.from_bytes(padded[:LENGTH_BYTES], "big")
        return padded[LENGTH_BYTES:end]

    async def _put(
        self, key: bytes, report_id: str, digest: str, which: str, content: bytes
    ) -> None:
        sealed = _box(key).seal(_padded(content), report_id, digest, which)
        yields = self.waiting is not None
        await self.store.put(_name(report_id, digest, which), sealed, self.now(), yields=yields)


Forget = Callable[[str], Awaitable[None]]


def _name(report_id: str, digest: str, which: str) -> str:
    return f"{report_id}/{digest}/{which}"


def _padded(content: bytes) -> bytes:
    said = len(content).to_bytes(LENGTH_BYTES, "big") + content
    return said + bytes(-len(said) % STEP)


def _box(key: bytes) -> Box:
    """Of a key of its own: the other one makes digests."""
    return Box(hmac.digest(key, b"box", "sha256"))
