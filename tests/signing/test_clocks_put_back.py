"""A clock that was ahead for a while keeps nobody out once it is right, and lets nobody back in."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import pytest
from nats.aio.client import Client
from promotion_site import PromotionSite, promotion_site
from sqlalchemy import Engine
from visiting import GOOD, OTHER, filled, is_in, signed_in, signed_out, signed_up

from services.promotion.domain.login import SignOutEverywhere
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.runtime.sessions import follow_sessions
from shared.web.now import utc_now
from shared.web.sessions import Sessions


@dataclass
class Ahead:
    by: timedelta = timedelta(days=1)

    def now(self) -> datetime:
        return utc_now() + self.by


@pytest.fixture
def clock() -> Ahead:
    return Ahead()


@pytest.fixture
async def site(nats: Client, database: Engine, clock: Ahead) -> AsyncIterator[PromotionSite]:
    async with promotion_site(nats, database, now=clock.now) as running:
        yield running


async def believed_elsewhere(nats: Client, *tokens: str) -> list[bool]:
    """By a service that begins now and whose clock is right."""
    sessions = Sessions()
    following = asyncio.create_task(follow_sessions(nats, sessions))
    async with asyncio.timeout(10):
        while not sessions.is_current:
            await asyncio.sleep(0.005)
    following.cancel()
    return [sessions.read(token, utc_now()) is not None for token in tokens]


async def test_who_signed_out_everywhere_is_out_and_comes_in_again(
    nats: Client, visitor: httpx.AsyncClient, clock: Ahead
) -> None:
    number = await signed_up(visitor)
    clock.by = timedelta(0)
    await signed_in(visitor, number)
    early = visitor.cookies["tribune_session"]
    clock.by = timedelta(days=1)
    await signed_in(visitor, number)
    await signed_out(visitor, "/sign-out-everywhere")
    clock.by = timedelta(0)
    assert not await is_in(visitor)
    for _ in range(2):
        await signed_in(visitor, number)
        assert await is_in(visitor)
        late = visitor.cookies["tribune_session"]
        assert await believed_elsewhere(nats, early, late) == [False, True]
        await signed_out(visitor, "/sign-out-everywhere")
        assert await believed_elsewhere(nats, early, late) == [False, False]


async def test_what_the_log_tells_before_the_answer_comes_makes_no_moment_of_its_own(
    site: PromotionSite,
    nats: Client,
    visitor: httpx.AsyncClient,
    clock: Ahead,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = await signed_up(visitor)
    handled, sessions = CommandHandler.handle, site.desk.guard.sessions

    async def heard_first(handler: CommandHandler, given: Sequence[Envelope]) -> list[Outcome]:
        known, outcomes = dict(sessions.over), await handled(handler, given)
        async with asyncio.timeout(10):
            while isinstance(given[0].command, SignOutEverywhere) and sessions.over == known:
                await asyncio.sleep(0.005)
        return outcomes

    monkeypatch.setattr(CommandHandler, "handle", heard_first)
    await signed_out(visitor, "/sign-out-everywhere")
    clock.by = timedelta(0)
    await signed_in(visitor, number)
    late = visitor.cookies["tribune_session"]
    assert await believed_elsewhere(nats, late) == [True]
    await signed_out(visitor, "/sign-out-everywhere")
    assert await believed_elsewhere(nats, late) == [False]


async def test_another_passphrase_signs_out_all_but_who_chose_it(
    nats: Client, visitor: httpx.AsyncClient, clock: Ahead
) -> None:
    number = await signed_up(visitor)
    await signed_out(visitor, "/sign-out-everywhere")
    clock.by = timedelta(0)
    await signed_in(visitor, number)
    before = visitor.cookies["tribune_session"]
    await filled(visitor, "/me/passphrase", old=GOOD, fresh=OTHER, again=OTHER)
    assert await is_in(visitor)
    now = visitor.cookies["tribune_session"]
    assert await believed_elsewhere(nats, before, now) == [False, True]
