"""Every service verifies sessions by itself, from the log alone."""

import asyncio
from collections.abc import Callable

import httpx
from nats.aio.client import Client
from promotion_site import PromotionSite
from visiting import signed_out, signed_up

from shared.contracts.login import SignedOutEverywhere
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.runtime.sessions import follow_sessions
from shared.web.now import utc_now
from shared.web.sessions import Sessions


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


def is_believed(sessions: Sessions, token: str) -> bool:
    return sessions.read(token, utc_now()) is not None


async def test_another_service_believes_a_session_until_it_is_over(
    nats: Client, visitor: httpx.AsyncClient
) -> None:
    await signed_up(visitor)
    token = visitor.cookies["tribune_session"]
    sessions = Sessions()
    assert not is_believed(sessions, token)
    following = asyncio.create_task(follow_sessions(nats, sessions))
    await until(lambda: is_believed(sessions, token))
    await signed_out(visitor, "/sign-out-everywhere")
    await until(lambda: not is_believed(sessions, token))
    following.cancel()


async def test_who_begins_later_believes_nobody_who_was_signed_out_before(
    nats: Client, site: PromotionSite, visitor: httpx.AsyncClient
) -> None:
    await signed_up(visitor)
    token = visitor.cookies["tribune_session"]
    await signed_out(visitor, "/sign-out-everywhere")
    sessions = Sessions()
    believed: list[bool] = []
    learn = sessions.learn
    sessions.learn = lambda *heard: (learn(*heard), believed.append(is_believed(sessions, token)))  # type: ignore[assignment,method-assign,func-returns-value]
    following = asyncio.create_task(follow_sessions(nats, sessions))
    await until(lambda: sessions.is_current)
    assert believed == [False] * 2
    assert site.desk.guard.sessions.keys == sessions.keys
    following.cancel()


async def test_one_event_that_nobody_can_read_does_not_end_it(nats: Client) -> None:
    """A newer version of us may write others."""
    event = SignedOutEverywhere(login_id="a" * 32, until=utc_now())
    await Publisher(nats).publish([Outgoing(event.subject, b"{}", {"ce-type": "tribune.x.Newer"})])
    sessions = Sessions()
    following = asyncio.create_task(follow_sessions(nats, sessions))
    await until(lambda: sessions.is_current or following.done())
    assert sessions.is_current
    following.cancel()
