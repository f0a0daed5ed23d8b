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
from shared.runtime.connections import Crowd
from shared.runtime.http import http_server
from shared.runtime.open_files import allow_many, most_connections
from shared.web.addresses import Addresses, networks

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
def crowd() -> Crowd:
    return Crowd(most=900)


@pytest.fixture
async def port(crowd: Crowd) -> AsyncIterator[int]:
    app = Starlette(
        routes=[
            Route("/", page),
            Route("/scheme", scheme),
            Route("/taking", taking, methods=["POST"]),
            Route("/stream", stream),
        ]
    )
    server = http_server(app, "127.0.0.1", 0, crowd)
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


async def test_the_silent_do_not_keep_others_out(port: int, crowd: Crowd) -> None:
    """A thousand of them took every open file: no page, no readiness, no database."""
    crowd.most = 5
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(connected(port))
        for _silent in range(20):
            await stack.enter_async_context(connected(port))
        assert await is_answered(await stack.enter_async_context(connected(port, ASK)))
        assert await ends(first)


async def test_who_does_not_send_the_rest_keeps_nobody_out(port: int, crowd: Crowd) -> None:
    """Nine hundred of them had the site closed for as long as they liked."""
    crowd.most = 5
    begun = b"POST /taking HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nx"
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(connected(port, begun))
        for _slow in range(20):
            await stack.enter_async_context(connected(port, begun))
        assert await is_answered(await stack.enter_async_context(connected(port, ASK)))
        assert await ends(first)


async def test_those_who_are_served_are_not_sent_away(port: int, crowd: Crowd) -> None:
    crowd.most = 2
    ask = b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n"
    async with connected(port, ask) as one, connected(port, ask) as two:
        assert await is_answered(one)
        assert await is_answered(two)
        async with connected(port, ask) as three:
            assert not await is_answered(three)
        assert await one[0].readuntil(b"still")
        assert await two[0].readuntil(b"still")


async def test_who_was_served_and_waits_again_goes_before_who_came_later(
    port: int, crowd: Crowd
) -> None:
    crowd.most = 3
    async with AsyncExitStack() as stack:
        served = await stack.enter_async_context(connected(port, ASK))
        assert await is_answered(served)
        await served[0].readuntil(b"here")
        silent = [await stack.enter_async_context(connected(port)) for _ in range(2)]
        assert await is_answered(await stack.enter_async_context(connected(port, ASK)))
        assert await ends(served)
        served[1].close()
        assert await is_answered(await stack.enter_async_context(connected(port, ASK)))
        assert await ends(silent[0])


async def test_one_address_has_no_more_than_its_part(port: int, crowd: Crowd) -> None:
    crowd.each, ask = 3, b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n"
    async with AsyncExitStack() as stack:
        for _reader in range(3):
            assert await is_answered(await stack.enter_async_context(connected(port, ask)))
        one_more = await stack.enter_async_context(connected(port, ask))
        assert not await is_answered(one_more)
    async with asyncio.timeout(WITHIN_S):
        while True:
            async with connected(port, ASK) as later:
                if await is_answered(later):
                    break


async def test_a_proxy_has_as_many_as_it_wants(port: int, crowd: Crowd) -> None:
    crowd.each, crowd.addresses = 3, Addresses(networks("127.0.0.0/8"))
    async with AsyncExitStack() as stack:
        for _reader in range(10):
            assert await is_answered(await stack.enter_async_context(connected(port, ASK)))


async def test_a_head_without_end_is_not_read(port: int) -> None:
    begun = b"GET / HTTP/1.1\r\nHost: x\r\nCookie: " + 20_000 * b"x"
    async with connected(port, begun) as link:
        assert b"400" in await asyncio.wait_for(link[0].readline(), WITHIN_S)


async def test_a_thousand_silent_ones_keep_nobody_out(port: int, crowd: Crowd) -> None:
    """More than there is room for, in a room as large as the system lets us have; half of them have
    begun to ask."""
    allow_many()
    crowd.most = min(most_connections(), 800)
    async with AsyncExitStack() as stack:
        for number in range(1_000):
            begun = b"GET / HTTP/1.1\r\nHost: x\r\n" if number % 2 else b""
            await stack.enter_async_context(connected(port, begun))
        for _visitor in range(50):
            async with asyncio.timeout(2), connected(port, ASK) as visitor:
                assert await is_answered(visitor)


async def test_who_asks_does_not_say_how_we_are_reached(port: int) -> None:
    ask = (
        b"GET /scheme HTTP/1.1\r\nHost: x\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n"
    )
    async with connected(port, ask) as link:
        assert await is_answered(link)
        answer = await asyncio.wait_for(link[0].read(), WITHIN_S)
        assert answer.endswith(b"\r\n\r\nhttp")
