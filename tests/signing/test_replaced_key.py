"""A signing key that was replaced opens nothing any more, whoever has kept it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from nats.aio.client import Client
from promotion_site import PromotionSite, promotion_site
from sqlalchemy import Engine
from structlog.testing import capture_logs
from visiting import is_in, joined, signed_in, signed_out, signed_up, staff_signed_in

from services.promotion.signing.keyring import Keyring
from shared.eventsourcing.projections.database import open_database
from shared.runtime.sessions import follow_sessions
from shared.web.now import utc_now
from shared.web.session_signer import SessionSigner
from shared.web.sessions import Sessions, begun

NEW = b"the key that came after it, as long"


@pytest.fixture
async def elsewhere(tmp_path: Path) -> AsyncIterator[Engine]:
    """The store that belongs to the new key; what the old one sealed opens no more."""
    engine = open_database(f"sqlite:///{tmp_path / 'new.db'}")
    yield engine
    engine.dispose()


async def until_out(visitor: httpx.AsyncClient) -> None:
    async with asyncio.timeout(10):
        while await is_in(visitor):
            await asyncio.sleep(0.005)


async def test_no_service_believes_the_old_key_once_there_is_a_new_one(
    nats: Client, site: PromotionSite, visitor: httpx.AsyncClient, elsewhere: Engine
) -> None:
    """Neither what it signed before nor what a thief signs with it, before anybody signs in."""
    await joined(site, visitor, "ana")
    token = visitor.cookies["tribune_session"]
    ana = site.desk.guard.sessions.read(token, utc_now())
    assert ana
    forged = SessionSigner(site.keyring.session_seed).token(
        begun(ana.login_id, "staff", "ana", utc_now())
    )
    other = Sessions()
    following = asyncio.create_task(follow_sessions(nats, other))
    async with promotion_site(nats, elsewhere, key=NEW) as later:
        await until_out(visitor)
        for sessions in (later.desk.guard.sessions, site.desk.guard.sessions):
            assert list(sessions.keys) == [SessionSigner(Keyring(NEW).session_seed).key_id]
        async with asyncio.timeout(10):
            while other.read(token, utc_now()):
                await asyncio.sleep(0.005)
        assert not other.read(forged, utc_now())
        async with later.client() as member:
            await signed_up(member)
            assert await is_in(member)
    following.cancel()


async def test_a_process_with_the_old_key_does_not_take_over_again(
    nats: Client, site: PromotionSite, visitor: httpx.AsyncClient, elsewhere: Engine
) -> None:
    """Until it is begun again with that key: an operator may have to go back."""
    number = await signed_up(visitor)
    async with promotion_site(nats, elsewhere, key=NEW):
        await until_out(visitor)
        assert (await signed_in(visitor, number)).status_code == 503
    async with promotion_site(nats, site.engine) as again, again.client() as member:
        assert (await signed_in(member, number)).status_code == 200
        assert await is_in(member)


async def test_nobody_is_of_the_staff_but_by_a_login_of_theirs(
    nats: Client, site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    """Whoever has the key itself needs a login, too, and a member's is none."""
    await signed_up(visitor)
    signer, sessions = site.desk.signer, Sessions()
    member = site.desk.guard.sessions.read(visitor.cookies["tribune_session"], utc_now())
    assert member
    following = asyncio.create_task(follow_sessions(nats, sessions))
    async with asyncio.timeout(10):
        while not sessions.is_current:
            await asyncio.sleep(0.005)
    for login_id in (member.login_id, "0" * 32):
        token = signer.token(begun(login_id, "staff", "ana", utc_now()))
        assert sessions.read(token, utc_now()) is None
        visitor.cookies.clear()
        visitor.cookies.set("tribune_session", token)
        assert (await visitor.get("/acts", follow_redirects=False)).status_code == 303
    following.cancel()


async def test_that_another_key_takes_over_is_told(
    nats: Client, site: PromotionSite, visitor: httpx.AsyncClient, elsewhere: Engine
) -> None:
    """To people it only says that their passphrase is wrong."""
    await signed_up(visitor)
    with capture_logs() as said:
        async with promotion_site(nats, site.engine):
            pass
        assert not [line for line in said if "signing key" in line["event"]]
        async with promotion_site(nats, elsewhere, key=NEW):
            pass
    (line,) = [line for line in said if "signing key" in line["event"]]
    assert (line["log_level"], "put back" in line["hint"]) == ("warning", True)


async def test_where_nobody_can_sign_in_no_recovery_code_is_used_up(
    nats: Client, site: PromotionSite, visitor: httpx.AsyncClient, elsewhere: Engine
) -> None:
    _, (recovery, *_) = await joined(site, visitor, "ana")
    await signed_out(visitor)
    async with promotion_site(nats, elsewhere, key=NEW):
        async with asyncio.timeout(10):
            while SessionSigner(site.keyring.session_seed).key_id in site.desk.guard.sessions.keys:
                await asyncio.sleep(0.005)
        assert (await staff_signed_in(visitor, "ana", recovery)).status_code == 503
    async with promotion_site(nats, site.engine) as again, again.client() as ana:
        assert (await staff_signed_in(ana, "ana", recovery)).status_code == 200
