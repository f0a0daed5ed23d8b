"""A cancellation that comes with the answer to an append counts: else a stop hangs for ever."""

import asyncio
from typing import Any

import pytest
from nats.aio.client import Client

from shared.eventsourcing.jetstream import append
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.wire import Outgoing


async def test_it_is_not_swallowed(nats: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes in the answer is told in the same turn of the loop that somebody gives up."""
    task: asyncio.Task[Any]

    class Loop:
        def __getattr__(self, name: str) -> Any:
            return getattr(asyncio.get_running_loop(), name)

        def create_future(self) -> asyncio.Future[bytes]:
            answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
            answer.add_done_callback(lambda _: task.cancel())
            return answer

    class Asyncio:
        def __getattr__(self, name: str) -> Any:
            return getattr(asyncio, name)

        def get_running_loop(self) -> Loop:
            return Loop()

    monkeypatch.setattr(append, "asyncio", Asyncio())
    publisher = Publisher(nats)
    task = asyncio.create_task(publisher.publish([Outgoing("intake.x.Y.z", b"{}", {})]))
    with pytest.raises(asyncio.CancelledError):
        await task
