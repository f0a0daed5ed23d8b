"""Who the correspondents of sources are inside: by ids that only their keys tell."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from shared.contracts.identity import keyed
from shared.eventsourcing.digests import Digests
from shared.eventsourcing.inbox.parse import Upstream
from shared.runtime.vault.spoken import Named, named_by
from shared.runtime.vault.vault import Vault


class Persons:
    """A person's key is random, and their id follows from it. It lies in the vault under a digest
    of what the source calls them; without it nobody can say any more whom the id stands for, also
    who has the digest key and every copy of the log."""

    def __init__(self, vault: Vault, digests: Digests) -> None:
        self._vault = vault
        self._digests = digests
        self._known: dict[Named, str | None] = {}

    def whose(self, named: Named) -> str:
        """Under what their key lies."""
        return self._digests.of("person", *named)

    def id_of(self, source: str, name: str) -> str | None:
        """None for who was erased: nobody is made of them anew. Raises VaultAwayError."""
        named = Named(source, name)
        return self._known[named] if named in self._known else self._ids({named})[named]

    def known(self, source: str, name: str) -> str | None:
        """Their id, if they have one: whoever only looks makes nobody. Raises VaultAwayError."""
        key = self._vault.key_of(self.whose(Named(source, name)))
        return _id(key) if key else None

    @contextmanager
    def ahead(self, messages: Sequence[Upstream]) -> Iterator[None]:
        """Meanwhile all whom these name are known by one look, and one transaction if some of them
        are new; afterwards the vault is asked again. Raises VaultAwayError."""
        self._known = self._ids({named for each in messages if (named := named_by(each))})
        try:
            yield
        finally:
            self._known = {}

    def _ids(self, named: Collection[Named]) -> dict[Named, str | None]:
        whose = {each: self.whose(each) for each in named}
        keys = self._vault.keys_of(whose.values()) if whose else {}
        return {each: _id(key) if (key := keys[of]) else None for each, of in whose.items()}


def behind(keys: Iterable[tuple[str, bytes]], ids: Collection[str]) -> list[str]:
    """Under what the keys of these persons lie, as far as there are any: each key is tried."""
    wanted = set(ids)
    return [whose for whose, key in keys if _id(key) in wanted]


def _id(key: bytes) -> str:
    return keyed(key, "person")
