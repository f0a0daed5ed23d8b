"""A real vault in a folder of its own."""

from pathlib import Path

from shared.runtime.vault.master import fitting, made
from shared.runtime.vault.store import MASTER, KeyStore
from shared.runtime.vault.vault import Vault


def vault_in(folder: Path, *, seals_all: bool = False) -> Vault:
    vault = Vault(folder / "vault.db", folder / "vault.key", seals_all=seals_all)
    store = KeyStore(vault.store_path)
    if not store.said(MASTER):
        store.say(MASTER, made(vault.key_path).fingerprint)
    master = fitting(vault.key_path, store.said(MASTER))
    assert master is not None
    vault.begin(store, master)
    return vault
