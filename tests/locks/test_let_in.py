"""Who has no key, or one that is not or no longer good, is not let in; and it ends at once."""

import asyncio
import time
from collections.abc import Callable

import nats
import pytest
from locked import Locked
from tried_user import tried

from deploy.locks import accounts
from deploy.locks.claims import read_claims, signed_claims
from deploy.locks.keyring import Keyring
from deploy.locks.kinds import rights
from deploy.locks.telling import tell
from shared.eventsourcing.jetstream.credentials import Credentials
from shared.eventsourcing.jetstream.nkey import Nkey

WITHOUT_RIGHTS = accounts.user_of(rights("dashboard", "press"), inside=False, outside=True)

pytestmark = pytest.mark.asyncio(loop_scope="module")


def account_key(keyring: Keyring, name: str) -> Nkey:
    return Nkey.read((keyring.folder / "keys" / f"account-{name}.seed").read_text())


def issued(by: Nkey, key: Nkey, **more: object) -> Credentials:
    nats_ = {"type": "user", "version": 2, **accounts.everything()}
    claims = {"iat": int(time.time()), "name": "x", "sub": key.public, "nats": nats_}
    return Credentials(signed_claims(claims | more, by), key)


def stolen_jwt(keyring: Keyring) -> Credentials:
    """What the server is told, without the seed that belongs to it."""
    return Credentials(Credentials.read(keyring.creds("operator")).jwt, Nkey.fresh("user"))


def forged_account(_: Keyring) -> Credentials:
    return issued(Nkey.fresh("account"), Nkey.fresh("user"))


def expired(keyring: Keyring) -> Credentials:
    by = account_key(keyring, "log")
    return issued(by, Nkey.fresh("user"), exp=int(time.time()) - 1)


def not_yet(keyring: Keyring) -> Credentials:
    by = account_key(keyring, "log")
    return issued(by, Nkey.fresh("user"), nbf=int(time.time()) + 600)


def of_the_operator_key(keyring: Keyring) -> Credentials:
    """It signs accounts, and no users."""
    by = Nkey.read((keyring.folder / "keys" / "operator.seed").read_text())
    return issued(by, Nkey.fresh("user"))


def widened(keyring: Keyring) -> Credentials:
    """A dashboard that signs itself more than it was given."""
    mine = Credentials.read(keyring.creds("source-boston"))
    said = read_claims(mine.jwt)
    said["nats"] |= accounts.everything()
    said.pop("jti")
    return Credentials(signed_claims(said | {"iss": mine.key.public}, mine.key), mine.key)


@pytest.mark.parametrize(
    "made",
    [stolen_jwt, forged_account, expired, not_yet, of_the_operator_key, widened],
)
async def test_who_has_no_good_key_is_not_let_in(
    locked: Locked, made: Callable[[Keyring], Credentials]
) -> None:
    with pytest.raises(Exception, match="Authorization Violation"):
        async with tried(locked.server.url, made(locked.keyring)):
            pass


@pytest.mark.parametrize(
    "given", [{}, {"user": "tribune", "password": "tribune"}, {"token": "x"}, {"user": "root"}]
)
async def test_nobody_is_not_let_in(locked: Locked, given: dict[str, str]) -> None:
    async def quiet(_: Exception) -> None: ...

    with pytest.raises(Exception, match="Authorization Violation"):
        await nats.connect(locked.server.url, **given, allow_reconnect=False, error_cb=quiet)


async def test_a_key_that_expires_ends_the_connection_that_it_opened(locked: Locked) -> None:
    by, key = account_key(locked.keyring, "dashboard-press"), Nkey.fresh("user")
    nats_ = {"type": "user", "version": 2, **WITHOUT_RIGHTS}
    claims = {"iat": int(time.time()), "name": "x", "sub": key.public, "nats": nats_}
    soon = Credentials(signed_claims(claims | {"exp": int(time.time()) + 2}, by), key)
    async with tried(locked.server.url, soon) as user, asyncio.timeout(10):
        assert await user.ask("$JS.API.STREAM.INFO.PUBLIC")
        while not user.client.is_closed:
            await asyncio.sleep(0.02)


async def test_who_is_revoked_is_out_at_once_and_stays_out_through_a_restart(
    locked: Locked,
) -> None:
    keyring, url = locked.keyring, locked.server.url
    made = keyring.add("dashboard", "thief")
    await tell(url, keyring, "dashboard-thief")
    user = keyring.user("dashboard", "thief")
    assert user is not None
    async with tried(url, made) as connected, asyncio.timeout(10):
        await connected.ask("$JS.API.STREAM.INFO.PUBLIC")
        keyring.revoke(user)
        await tell(url, keyring, "dashboard-thief")
        while not connected.client.is_closed:
            await asyncio.sleep(0.02)
    for restarted in (False, True):
        if restarted:
            locked.server.kill()
            locked.server.start()
        with pytest.raises(Exception, match="Authorization Violation"):
            async with tried(url, made):
                pass
