"""One address has its part of the requests; who stands behind a proxy has one of his own."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import httpx
import pytest
from framed import BASE, HOUSE, router, stream
from starlette.routing import Route

from shared.runtime.http import public_app
from shared.runtime.settings import Settings
from shared.web.addresses import NOBODY, Addresses, networks
from shared.web.app import WebApp
from shared.web.fair_share import Share
from shared.web.frame import Frame
from shared.web.headers import HEADERS
from shared.web.pace import BURST_S
from shared.web.paces import MOST_KNOWN

PROXIES = Addresses(networks("10.0.0.0/8, fd00::/8"))


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def app_with(share: Share) -> WebApp:
    return public_app(Frame(HOUSE, "testing"), [Route("/stream", stream)], [router()], share)


async def asked(app: WebApp, peer: str, forwarded: str = "") -> httpx.Response:
    transport = httpx.ASGITransport(app, client=(peer, 1))
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        return await client.get("/healthz", headers=headers)


async def until_refused(one: Callable[[], Awaitable[httpx.Response]], most: int = 100) -> int:
    for answered in range(most):
        if (await one()).status_code == 429:
            return answered
    return most


async def test_who_asks_too_fast_waits_and_others_do_not() -> None:
    clock = Clock()
    app = app_with(Share(PROXIES, each_s=2, now=clock))
    assert await until_refused(lambda: asked(app, "192.0.2.1")) == 2 * BURST_S
    refused = await asked(app, "192.0.2.1")
    assert refused.headers["content-type"] == "application/problem+json"
    assert (refused.headers["retry-after"], refused.headers["cache-control"]) == ("1", "no-store")
    assert all(refused.headers[name] == value for name, value in HEADERS.items())
    assert (await asked(app, "192.0.2.2")).status_code == 200
    clock.now += 1.0
    assert await until_refused(lambda: asked(app, "192.0.2.1")) == 2
    clock.now += 3_600
    assert await until_refused(lambda: asked(app, "192.0.2.1")) == 2 * BURST_S


async def test_a_house_with_many_addresses_has_one_part() -> None:
    app = app_with(Share(PROXIES, each_s=1, now=Clock()))
    numbers = iter(range(100))
    one = await until_refused(lambda: asked(app, f"2001:db8:1:2::{next(numbers):x}"))
    assert one == BURST_S
    assert (await asked(app, "2001:db8:1:3::1")).status_code == 200


@pytest.mark.parametrize(
    ("peer", "forwarded", "whose"),
    [
        ("192.0.2.1", "", "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", "192.0.2.1"),  # anybody could say so
        ("::ffff:192.0.2.1", "", "192.0.2.1"),
        ("10.0.0.1", "", None),
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "198.51.100.7, 10.0.0.2", "198.51.100.7"),
        ("10.0.0.1", "10.0.0.9, 10.0.0.2", "10.0.0.9"),
        ("10.0.0.1", "[2001:db8::1]", "2001:db8::/64"),
        ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::/64"),
        ("10.0.0.1", "198.51.100.7:4711", "198.51.100.7"),
        ("10.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, nonsense, 10.0.0.2", "?"),
        ("10.0.0.1", "198.51.100.7,, ", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9, 198.51.100.7, fd00::7, 10.0.0.2", "198.51.100.7"),
        ("2001:db8::5", "203.0.113.9", "2001:db8::/64"),
        ("fd00::1", "2001:db8::1", "2001:db8::/64"),
        ("10.0.0.1", 'a"; b', "?"),
        ("somewhere", "", "?"),
    ],
)
def test_a_proxy_is_believed_and_nobody_else(peer: str, forwarded: str, whose: str | None) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    assert PROXIES.of({"type": "http", "client": (peer, 1), "headers": headers}) == whose


@pytest.mark.parametrize(
    ("forwarded", "whose"),
    [
        ("for=198.51.100.7", "198.51.100.7"),
        ('FOR="[2001:db8::1]:4711";proto=https;by=10.0.0.1', "2001:db8::/64"),
        ("for=203.0.113.9, for=198.51.100.7;by=x, for=10.0.0.2", "198.51.100.7"),
        ('for=203.0.113.9;by="a, for=192.0.2.1", proto=https;for=198.51.100.7', "198.51.100.7"),
        ("for=unknown", "?"),
        ("for=203.0.113.9, by=10.0.0.2", "?"),
        ("", None),
    ],
)
def test_a_proxy_may_write_forwarded_and_then_nothing_else_counts(
    forwarded: str, whose: str | None
) -> None:
    """A proxy passes on what it does not write itself, so the other header is the reader's."""
    proxies = Addresses(networks("10.0.0.0/8"), "Forwarded")
    said = [(b"forwarded", forwarded.encode())] if forwarded else []
    scope = {"type": "http", "client": ("10.0.0.1", 1)}
    forged = (b"x-forwarded-for", b"192.0.2.99")
    assert proxies.of(scope | {"headers": [forged, *said]}) == whose
    forged = (b"forwarded", b"for=192.0.2.99")
    assert PROXIES.of(scope | {"headers": [forged]}) is None


@pytest.mark.parametrize(
    "before",
    ['for=192.0.2.99;a="x', 'for="192.0.2.99', '"', 'for=192.0.2.99;a="\\', "for=192.0.2.99"],
)
@pytest.mark.parametrize(
    "ours",
    [
        'for="[2001:db8::1]:4711"',
        "for=198.51.100.7;proto=https",
        'for=198.51.100.7;by="a, for=192.0.2.1"',
    ],
)
def test_no_mark_that_is_left_open_reaches_into_what_a_proxy_wrote(before: str, ours: str) -> None:
    proxies = Addresses(networks("10.0.0.0/8"), "Forwarded")
    said = [(b"forwarded", f"{before}, {ours}".encode())]
    scope = {"type": "http", "client": ("10.0.0.1", 1), "headers": said}
    assert proxies.of(scope) == ("2001:db8::/64" if "2001" in ours else "198.51.100.7")


def test_a_header_full_of_marks_holds_nobody_up() -> None:
    """It took nine seconds, in which nobody else was answered: a regular expression tried each mark
    as the beginning of a text."""
    proxies = Addresses(networks("10.0.0.0/8"), "Forwarded")
    said = [(b"forwarded", b'"' + b'\\"' * 8_000)]
    began = time.process_time()
    assert proxies.of({"type": "http", "client": ("10.0.0.1", 1), "headers": said}) == NOBODY
    assert time.process_time() - began < 1


def test_headers_that_come_twice_are_read_as_one() -> None:
    said = [(b"x-forwarded-for", each) for each in (b"203.0.113.9", b"198.51.100.7, 10.0.0.3")]
    scope = {"type": "http", "client": ("10.0.0.1", 1), "headers": said}
    assert PROXIES.of(scope) == "198.51.100.7"


async def test_streams_of_one_address_leave_room_for_others() -> None:
    app, share = None, Share(PROXIES, at_once=3)
    app = app_with(share)
    gone = asyncio.Event()

    async def listens(address: str, started: asyncio.Queue[int]) -> None:
        async def send(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                started.put_nowait(int(str(message["status"])))

        async def receive() -> dict[str, object]:
            await gone.wait()
            return {"type": "http.disconnect"}

        scope = {
            "type": "http",
            "method": "GET",
            "path": "/stream",
            "query_string": b"",
            "headers": [],
            "client": (address, 1),
            "asgi": {"spec_version": "2.3"},
        }
        await app(scope, receive, send)  # type: ignore[arg-type]

    started: asyncio.Queue[int] = asyncio.Queue()
    readers = []
    for _reader in range(3):
        readers.append(asyncio.create_task(listens("192.0.2.1", started)))
        assert await started.get() == 200
    assert (await asked(app, "192.0.2.1")).status_code == 429
    assert (await asked(app, "192.0.2.2")).status_code == 200
    gone.set()
    await asyncio.gather(*readers)
    assert (await asked(app, "192.0.2.1")).status_code == 200
    assert not share._asking, "whoever has left is forgotten"


async def test_who_comes_by_many_addresses_fills_no_memory() -> None:
    share = Share(PROXIES, each_s=1, now=Clock())
    for number in range(MOST_KNOWN + 100):
        assert share.begins(str(number))
        share.ends(str(number))
    assert share._paces
    assert len(share._paces._until) == MOST_KNOWN
    assert not share._asking


def test_proxies_that_are_no_networks_are_refused() -> None:
    with pytest.raises(ValueError, match="is no list of networks"):
        Settings(_env_file=None, proxies="10.0.0.1/8 and others")
    assert Settings(_env_file=None, proxies="").addresses.of_peer("127.0.0.1") == "127.0.0.1"
    assert Settings(_env_file=None).addresses.of_peer("127.0.0.1") is None
