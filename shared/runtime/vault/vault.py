"""Seals and opens texts with data keys of its store; what has no key any more stays closed."""

import asyncio
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from shared.contracts.sealed import CLOSED
from shared.eventsourcing.codec import Seal, Spot
from shared.runtime.box import Box, new_key
from shared.runtime.vault.erased import ERASED_LIST, ErasedList
from shared.runtime.vault.errors import VaultAwayError
from shared.runtime.vault.held import HOLDERS, forget
from shared.runtime.vault.master import Master, fitting
from shared.runtime.vault.store import MASTER, KeyStore, added, found
from shared.runtime.vault.texts import opened, sealed

Keys = dict[str, bytes | None]
"""By whose they are; None for those that were destroyed."""
Boxes = Mapping[str, Box | None]


class Vault:
    """Of one process. `seals_all`: also what need not be hidden.

    No data key is kept in memory for longer than it takes to seal a batch or to open a text: what
    one process destroys opens in no other one. Until `begin` nothing can be sealed or opened, and
    whoever asks waits. `listed` is the file of all that was erased, by default beside the store.
    """

    def __init__(
        self, store: Path, key: Path, listed: Path | None = None, *, seals_all: bool = False
    ) -> None:
        self.store_path, self.key_path = store, key
        self.listed = ErasedList(listed or store.with_name(ERASED_LIST))
        self._seals_all = seals_all
        self._store: KeyStore | None = None
        self._master: Master | None = None

    def begin(self, store: KeyStore, master: Master) -> None:
        self._store, self._master = store, master

    @property
    def has_begun(self) -> bool:
        return self._store is not None

    @property
    def store(self) -> KeyStore:
        """Raises VaultAwayError."""
        if self._store is None:
            raise VaultAwayError("the vault is not open yet")
        return self._store

    def close(self) -> None:
        if self._store is not None:
            self._store.close()
        self._store = None

    async def ahead(self, asked: Mapping[str, bool]) -> Seal:
        """All keys that are new are on disk by one transaction, before anything is sealed by them:
        who dies in between leaves keys that nothing needs. Raises VaultAwayError."""
        wanted = self._wanted(asked)
        boxes = self._known(wanted)
        if missing := [whose for whose, must in wanted.items() if must and whose not in boxes]:
            boxes = {**boxes, **_boxes(await asyncio.to_thread(self._made, missing))}
        return lambda text, spot: _seal(boxes, text, spot)

    def seal(self, text: str, spot: Spot, *, must: bool) -> str | None:
        """Of one text, for which nobody asked ahead. Raises VaultAwayError."""
        wanted = self._wanted({spot.whose: must})
        boxes = self._known(wanted)
        if wanted[spot.whose] and not boxes:
            boxes = _boxes(self._made([spot.whose]))
        return _seal(boxes, text, spot)

    def open(self, sealed_text: str, spot: Spot) -> str | None:
        """Raises VaultAwayError."""
        wrapped = self.store.wrapped(spot.whose)
        key = self._unwrapped(spot.whose, wrapped) if wrapped else None
        return opened(Box(key), sealed_text, spot) if key else None

    def keys_of(self, whose: Collection[str]) -> Keys:
        """The keys themselves, made where there are none, for what follows from them. Raises
        VaultAwayError."""
        known = self._found(whose)
        missing = [each for each in whose if each not in known]
        return {**known, **self._made(missing)} if missing else known

    def key_of(self, whose: str) -> bytes | None:
        """None where there is none, or none any more. Raises VaultAwayError."""
        return self._found([whose]).get(whose)

    def is_destroyed(self, whose: str) -> bool:
        """Whether it was, and not only that there is none. Raises VaultAwayError."""
        return whose in self.store.found([whose])[1]

    def all_keys(self) -> Iterator[tuple[str, bytes]]:
        """Raises VaultAwayError."""
        for whose, wrapped in self.store.all():
            if key := self._unwrapped(whose, wrapped):
                yield whose, key

    def has_or_had(self, whose: Collection[str]) -> set[str]:
        """Those of whom there is a key, or was one that is destroyed. Raises VaultAwayError."""
        keys, gone = self.store.found(whose)
        return keys.keys() | gone

    def destroy(
        self,
        whose: Collection[str],
        may_return: Collection[str] = (),
        persons: Collection[str] = (),
    ) -> int:
        """For ever: no new key is made for them, but for who `may_return`; nobody holds any more
        what was theirs. `persons` are known as events call them. Raises VaultAwayError."""
        gone = self.store.destroy(whose, may_return)
        forget(self.store, self.key_of(HOLDERS), [*whose, *persons])
        return gone

    def _wanted(self, asked: Mapping[str, bool]) -> dict[str, bool]:
        return {whose: must or self._seals_all for whose, must in asked.items()}

    def _known(self, wanted: Mapping[str, bool]) -> Boxes:
        return _boxes(self._found(wanted))

    def _found(self, whose: Iterable[str]) -> Keys:
        keys, gone = self.store.found(whose)
        return {**self._all_unwrapped(keys), **dict.fromkeys(gone)}

    def _made(self, missing: Collection[str]) -> Keys:
        """Somebody else may have made some meanwhile, or destroyed them."""
        with self.store.changing() as change:
            master = self._current()
            keys, gone = found(change, missing)
            new = {whose: new_key() for whose in missing if whose not in keys and whose not in gone}
            spot = self.store.id
            added(change, {each: master.box.seal(key, spot, each) for each, key in new.items()})
        return {**self._all_unwrapped(keys), **dict.fromkeys(gone), **new}

    def _all_unwrapped(self, keys: Mapping[str, bytes]) -> Keys:
        """Raises VaultAwayError for a key that is damaged: it was not destroyed, and nothing may be
        sealed by another one."""
        found: Keys = {}
        unwrap, store_id = self._current(look=False).box.open, self.store.id
        for whose, wrapped in keys.items():
            key = unwrap(wrapped, store_id, whose) or self._unwrapped(whose, wrapped)
            if key is None:
                raise VaultAwayError(f"{self.store_path}: a data key is damaged")
            found[whose] = key
        return found

    def _unwrapped(self, whose: str, wrapped: bytes) -> bytes | None:
        """The master key may have been replaced meanwhile, and this key wrapped anew."""
        for again in (False, True):
            key = self._current(look=again).box.open(wrapped, self.store.id, whose)
            if key is not None:
                return key
            wrapped = self.store.wrapped(whose) or b""
        return None

    def _current(self, *, look: bool = True) -> Master:
        """The key that the store says it is wrapped by."""
        if self._master is None:
            raise VaultAwayError("the vault is not open yet")
        if look and (wanted := self.store.said(MASTER)) != self._master.fingerprint:
            master = fitting(self.key_path, wanted)
            if master is None:
                raise VaultAwayError(
                    f"{self.key_path} does not fit {self.store_path} any more: it was wrapped anew"
                    f" by the key {wanted}. Put that key's file there"
                )
            self._master = master
        return self._master


def _boxes(keys: Keys) -> Boxes:
    return {whose: Box(key) if key else None for whose, key in keys.items()}


def _seal(boxes: Boxes, text: str, spot: Spot) -> str | None:
    """Where the key was destroyed nothing is kept of what is said later."""
    if spot.whose not in boxes:
        return None
    box = boxes[spot.whose]
    return CLOSED if box is None else sealed(box, text, spot)
