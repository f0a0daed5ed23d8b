"""Who connects and asks for nothing is not waited for, and takes nobody's place."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from shared.runtime import connections
from shared.runtime.http import http_server

WITHIN_S = 60.0
ASK = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"

Link = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def page(_: Request) -> Response:
    return PlainTextResponse("here")


async def taking(request: Request) -> Response:
    return PlainTextResponse(f"{len(await request.body())}")


async def scheme(request: Request) -> Response:
    return PlainTextResponse(request.url.scheme)


async def stream(_: Request) -> Response:
    async def forever() -> AsyncIterator[str]:
        while True:
            yield "still\n"
            await asyncio.sleep(0.05)

    return StreamingResponse(forever())


@pytest.fixture
async def port() -> AsyncIterator[int]:
    app = Starlette(
        routes=[
            Route("/", page),
            Route("/scheme", scheme),
            Route("/taking", taking, methods=["POST"]),
            Route("/stream", stream),
        ]
    )
    server = http_server(app, "127.0.0.1", 0)
    serving = asyncio.create_task(server.serve())
    async with asyncio.timeout(WITHIN_S):
        while not server.started:
            await asyncio.sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = server.force_exit = True
    await serving


@asynccontextmanager
async def connected(port: int, says: bytes = b"") -> AsyncIterator[Link]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(says)
    try:
        yield reader, writer
    finally:
        writer.close()


async def is_answered(link: Link) -> bool:
    try:
        return b"200" in await asyncio.wait_for(link[0].readline(), WITHIN_S)
    except ConnectionResetError:
        return False


async def ends(link: Link) -> bool:
    try:
        return not await asyncio.wait_for(link[0].read(), WITHIN_S)
    except ConnectionResetError:
        return True


@pytest.mark.parametrize("begun", [b"", b"GET / HT", ASK + b"GET"], ids=["not", "one", "second"])
async def test_a_request_that_does_not_come_is_not_waited_for(
    port: int, begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ASKS_WITHIN_S", "LOOKS_EVERY_S"):
        monkeypatch.setattr(connections, name, 0.1)
    async with (
        connected(port, begun) as slow,
        connected(port, b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n") as listening,
    ):
        if begun.startswith(ASK):
            assert await is_answered(slow)
            await slow[0].readuntil(b"here")
        assert await ends(slow)
        for _a_while in range(10):
            assert await listening[0].readline()


async def test_the_silent_do_not_keep_others_out(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thousand of them took every open file: no page, no readiness, no database."""
    monkeypatch.setattr(connections, "MOST", 5)
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(connected(port))
        for _silent in range(20):
            await stack.enter_async_context(connected(port))
        assert await is_answered(await stack.enter_async_context(connected(port, ASK)))
        assert await ends(first)


async def test_who_does_not_send_the_rest_keeps_nobody_out(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nine hundred of them had the site closed for as long as they liked."""
    monkeypatch.setattr(connections, "MOST", 5)
    begun = b"POST /taking HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx"
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(connected(port, begun))
        for _slow in range(20):
            await stack.enter_async_context(connected(port, begun))
        assert await is_answered(await stack.enter_async_context(connected(port, ASK)))
        assert await ends(first)


async def test_those_who_are_served_are_not_sent_away(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "MOST", 2)
    ask = b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n"
    async with connected(port, ask) as one, connected(port, ask) as two:
        assert await is_answered(one)
        assert await is_answered(two)
        async with connected(port, ask) as three:
            assert not await is_answered(three)
        assert await one[0].readuntil(b"still")
        assert await two[0].readuntil(b"still")


async def test_who_asks_does_not_say_how_we_are_reached(port: int) -> None:
    ask = (
        b"GET /scheme HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
    )
    async with connected(port, ask) as link:
        assert await is_answered(link)
        answer = await asyncio.wait_for(link[0].read(), WITHIN_S)
        assert answer.endswith(b"\r\n\r\nhttp")
