"""What is sent to us is waited for so long, and not at all where it was told to be too large."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
import structlog
from framed import framed
from starlette.types import Message

from shared.web import body_limit

WITHIN_S = 60.0


@dataclass
class Slow:
    """Sends what it has, and then nothing more; hears what is answered."""

    pieces: list[Message]
    heard: list[Message] = field(default_factory=list)
    is_asked: bool = False

    async def receive(self) -> Message:
        self.is_asked = True
        if self.pieces:
            return self.pieces.pop(0)
        await asyncio.Event().wait()
        raise AssertionError

    async def send(self, message: Message) -> None:
        self.heard.append(message)

    async def asks(self, path: str, method: str = "POST", length: int = 1000) -> None:
        scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [(b"host", b"x"), (b"content-length", str(length).encode())],
            "server": ("x", 80),
            "client": ("192.0.2.7", 1),
        }
        async with asyncio.timeout(WITHIN_S):
            await framed()(scope, self.receive, self.send)

    @property
    def status(self) -> int:
        return int(self.heard[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.heard[0]["headers"])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.heard[1:])


def piece(body: bytes = b"x") -> Message:
    return {"type": "http.request", "body": body, "more_body": True}


async def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_limit, "SENT_WITHIN_S", 0.05)
    slow = Slow([piece()])
    await slow.asks("/taking")
    assert (slow.status, slow.headers[b"connection"]) == (408, b"close")
    assert b"<h1>Too slow</h1>" in slow.body
    assert slow.headers[b"x-content-type-options"] == b"nosniff"


async def test_a_byte_now_and_then_buys_no_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_limit, "SENT_WITHIN_S", 0.2)

    class Dripping(Slow):
        async def receive(self) -> Message:
            await asyncio.sleep(0.01)
            return piece(b"")

    dripping = Dripping([])
    await dripping.asks("/taking")
    assert dripping.status == 408


async def test_a_stream_whose_reader_never_sends_its_body_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(body_limit, "SENT_WITHIN_S", 0.05)
    slow = Slow([piece()])
    await slow.asks("/stream", "GET")
    assert slow.status == 200


async def test_what_is_told_to_be_too_large_is_refused_unread() -> None:
    for path, kind in (("/taking", b"text/html"), ("/api/things", b"application/problem+json")):
        large = Slow([])
        await large.asks(path, length=body_limit.MOST_SENT + 1)
        assert (large.status, large.is_asked) == (413, False)
        assert large.headers[b"content-type"].startswith(kind)
        assert large.headers[b"x-content-type-options"] == b"nosniff"


async def test_who_goes_before_all_is_sent_is_no_fault_of_ours() -> None:
    leaving = Slow([piece(), {"type": "http.disconnect"}])
    with structlog.testing.capture_logs() as told:
        await leaving.asks("/taking")
    assert not told
    assert leaving.body == b""
