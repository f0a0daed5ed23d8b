"""The stream that tells open pages of changes: prompt, never too often, and it ends in time."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from public_site import PublicSite, public_site
from sqlalchemy import Engine
from starlette.types import Message

from shared.testing.examples import PUBLIC_REPORT_FILED
from shared.web.live import MOST_AT_ONCE, TOLD_EACH_S, Live


class Reader:
    """Reads `/live` from the application itself; a slow one lets the server wait."""

    def __init__(self) -> None:
        self.start: Message = {}
        self.body = ""
        self.may_send = asyncio.Event()
        self._changed = asyncio.Condition()

    async def send(self, message: Message) -> None:
        await self.may_send.wait()
        async with self._changed:
            if message["type"] == "http.response.start":
                self.start = message
            else:
                self.body += message["body"].decode()
            self._changed.notify_all()

    async def until(self, seen: Callable[[str], bool]) -> None:
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: seen(self.body)), 10)


async def _nothing_more() -> Message:
    return await asyncio.get_running_loop().create_future()


@asynccontextmanager
async def reading(site: PublicSite) -> AsyncIterator[tuple[Reader, "asyncio.Task[None]"]]:
    reader = Reader()
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/live",
        "query_string": b"",
        "headers": [],
        "asgi": {"version": "3.0", "spec_version": "2.3"},
    }
    answering = asyncio.create_task(site.app(scope, _nothing_more, reader.send))
    try:
        yield reader, answering
    finally:
        answering.cancel()
        with suppress(asyncio.CancelledError):
            await answering


async def test_a_change_is_told(site: PublicSite) -> None:
    async with reading(site) as (reader, _):
        reader.may_send.set()
        await reader.until(lambda body: "event: changed\ndata: 0\n\n" in body)
        await site.hears(PUBLIC_REPORT_FILED)
        await reader.until(lambda body: body.endswith("event: changed\ndata: 1\n\n"))
        assert reader.body.count("event: changed\n") == 2
        assert 2_000 <= int(reader.body.partition("retry: ")[2].partition("\n")[0]) <= 5_000
        headers = dict(reader.start["headers"])
        assert headers[b"content-type"].startswith(b"text/event-stream")
        assert headers[b"cache-control"] == b"no-store"
        assert b"content-security-policy" in headers


async def test_a_slow_reader_misses_changes_and_gets_the_newest(site: PublicSite) -> None:
    async with reading(site) as (reader, _):
        for _ in range(20):
            await site.hears(PUBLIC_REPORT_FILED)
        reader.may_send.set()
        await reader.until(lambda body: "data: 20\n\n" in body)
        assert reader.body.count("event: changed") == 1


async def test_the_stream_ends_when_the_service_stops(database: Engine) -> None:
    async with public_site(database) as site, reading(site) as (reader, answering):
        reader.may_send.set()
        await reader.until(lambda body: "data: 0" in body)
        site.stop()
        await asyncio.wait_for(answering, 10)


async def test_too_many_readers_are_asked_to_come_back(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.runtime.live_stream.SHARE_OF_STREAMS", 0)
    async with public_site(database) as site, site.client() as client:
        answer = await client.get("/live")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"
    assert "<h1>Service Unavailable</h1>" in answer.text


@asynccontextmanager
async def told(live: Live, readers: int) -> AsyncIterator[list[int | None]]:
    """By which position each reader was told last, in the order in which they were told."""
    heard: list[int | None] = []

    async def follow(changes: AsyncGenerator[int | None, None]) -> None:
        async for position in changes:
            heard.append(position)  # noqa: PERF401  as they come

    following = [asyncio.create_task(follow(live.changes())) for _ in range(readers)]
    telling = asyncio.create_task(live.run())
    try:
        yield heard
    finally:
        for task in (telling, *following):
            task.cancel()
        await asyncio.gather(telling, *following, return_exceptions=True)


async def _until(seen: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not seen():
            await asyncio.sleep(0.001)


async def test_readers_are_told_one_after_the_other_and_none_is_left_out() -> None:
    """All at once they would keep a visitor waiting until the last of them was told."""
    live = Live(gap_s=0.0)
    async with told(live, 400) as heard:
        await _until(lambda: heard.count(0) == 400)
        began = asyncio.get_running_loop().time()
        live.tell(1)
        most = before = 0
        while heard.count(1) < 400:
            await asyncio.sleep(0)
            most, before = max(most, heard.count(1) - before), heard.count(1)
        took = asyncio.get_running_loop().time() - began
    assert most <= MOST_AT_ONCE
    assert took > 399 / TOLD_EACH_S - MOST_AT_ONCE / TOLD_EACH_S
    assert len(heard) == 800


async def test_what_changes_while_they_are_being_told_reaches_them_all() -> None:
    live = Live(gap_s=0.0)
    async with told(live, 100) as heard:
        await _until(lambda: heard.count(0) == 100)
        live.tell(1)
        await _until(lambda: heard.count(1) > 0)
        live.tell(2)
        await _until(lambda: heard.count(2) == 100)
    assert heard.count(1) < 100, "who was not told yet is told of the newest only"
    assert len(heard) == 200 + heard.count(1)


async def test_what_changed_while_a_slow_reader_read_is_not_kept_for_the_next_change() -> None:
    live = Live(gap_s=0.0)
    telling = asyncio.create_task(live.run())
    slow = live.changes()
    assert await anext(slow) == 0
    live.tell(7)
    await _until(lambda: live.position == 7)
    assert await asyncio.wait_for(anext(slow), 10) == 7
    telling.cancel()
    await asyncio.gather(telling, return_exceptions=True)


async def test_who_has_left_takes_nobody_s_turn() -> None:
    live = Live(gap_s=0.0)
    async with told(live, 1) as heard:
        await _until(lambda: heard == [0])
        leaving = live.changes()
        assert await anext(leaving) == 0
        waiting = asyncio.ensure_future(anext(leaving))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert len(live._know) == 1
        live.tell(1)
        await _until(lambda: heard == [0, 1])


async def test_many_changes_make_few_pulses() -> None:
    live = Live(gap_s=3600.0)
    telling = asyncio.create_task(live.run())
    changes = live.changes()
    assert await anext(changes) == 0
    live.tell(1)
    assert await anext(changes) == 1
    for position in range(2, 1000):
        live.tell(position)
    following = asyncio.ensure_future(anext(changes, None))
    await asyncio.wait([following], timeout=0)
    assert not following.done()
    telling.cancel()
    assert await asyncio.wait_for(following, 10) is None


async def test_a_quiet_stream_has_a_heartbeat() -> None:
    live = Live(heartbeat_s=0.0)
    changes = live.changes()
    assert await anext(changes) == 0
    assert await anext(changes) is None
    assert await anext(changes) is None
