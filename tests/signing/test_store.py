"""What people sign in with is sealed where it lies, and a code works once."""

import asyncio
import stat
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from services.promotion.signing.errors import NameTakenError
from services.promotion.signing.keyring import Keyring
from services.promotion.signing.passkey_store import Passkey
from services.promotion.signing.store import Kept, Store
from shared.runtime.beside import open_store

KEYS = Keyring(b"k" * 64)
ANN = Kept("a" * 32, KEYS.digest("member", "123"), b"$argon2id$her hash", b"her seed of 20 bytes")


async def test_it_gives_back_what_it_was_given(database: Engine) -> None:
    store = Store(database, KEYS)
    await store.add(ANN)
    assert await store.named(ANN.name) == await store.of(ANN.login_id) == ANN
    assert await store.named("0" * 32) is None
    await store.change(ANN.login_id, passphrase=b"another")
    changed = await store.of(ANN.login_id)
    assert changed
    assert (changed.passphrase, changed.seed) == (b"another", ANN.seed)


async def test_nobody_takes_the_name_of_another(database: Engine) -> None:
    store = Store(database, KEYS)
    await store.add(ANN)
    with pytest.raises(NameTakenError):
        await store.add(Kept("b" * 32, ANN.name))


async def test_who_has_the_file_alone_has_nothing(database: Engine) -> None:
    await Store(database, KEYS).add(ANN)
    with database.connect() as connection:
        row = connection.execute(text("SELECT * FROM signing_secrets")).one()
    raw = b"|".join(each if isinstance(each, bytes) else str(each).encode() for each in row)
    for secret in (b"argon2id", b"her", b"123"):
        assert secret not in raw
    found = await Store(database, Keyring(b"x" * 64)).of(ANN.login_id)
    assert found
    assert (found.passphrase, found.seed) == (None, None)


async def test_no_secret_opens_in_the_place_of_another(database: Engine) -> None:
    """Who can write the file must not give somebody their own passphrase."""
    store = Store(database, KEYS)
    await store.add(ANN)
    await store.add(Kept("b" * 32, "0" * 32, b"mine"))
    with database.begin() as connection:
        mine = "(SELECT passphrase FROM signing_secrets WHERE name = '" + "0" * 32 + "')"
        connection.execute(text(f"UPDATE signing_secrets SET passphrase = {mine}"))  # noqa: S608
    found = await store.of(ANN.login_id)
    assert found
    assert found.passphrase is None


async def test_of_many_at_once_who_give_the_same_code_one_comes_in(database: Engine) -> None:
    store = Store(database, KEYS)
    await store.add(ANN)
    assert sum(await asyncio.gather(*(store.use_step(ANN.login_id, 7) for _ in range(8)))) == 1
    assert not await store.use_step(ANN.login_id, 6), "an older one is no fresher"
    assert await store.use_step(ANN.login_id, 8)
    await store.set_recovery(ANN.login_id, ["one", "two"])
    ways = await asyncio.gather(*(store.use_recovery(ANN.login_id, "one") for _ in range(8)))
    assert sum(ways) == 1
    await store.set_recovery(ANN.login_id, ["three"])
    assert not await store.use_recovery(ANN.login_id, "two")


def test_its_file_is_for_us_alone_and_on_disk_before_anybody_is_told(tmp_path: Path) -> None:
    path = tmp_path / "new" / "promotion-secrets.db"
    engine = open_store(f"sqlite:///{path}")
    Store(engine, KEYS)
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}, modes
    engine.dispose()


async def test_no_passkey_of_one_signs_in_another(database: Engine) -> None:
    """Nor one that somebody wrote into the file."""
    store = Store(database, KEYS)
    mine = Passkey("1" * 64, ANN.login_id, b"her public key", 0)
    await store.passkeys.add(mine)
    with pytest.raises(NameTakenError):
        await store.passkeys.add(Passkey(mine.name, "b" * 32, b"another", 0))
    assert await store.passkeys.named(mine.name) == mine
    await store.passkeys.used(mine.name, 7)
    assert await store.passkeys.named("2" * 64) is None
    with database.begin() as connection:
        connection.execute(text("UPDATE signing_passkeys SET login_id = '" + "b" * 32 + "'"))
    found = await store.passkeys.named(mine.name)
    assert found
    assert (found.public_key, found.count) == (None, 7)
