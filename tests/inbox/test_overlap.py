"""A batch is decided while the one before is on its way, and nothing comes out of its order."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from nats.aio.client import Client
from upstream import (
    RESOLVED,
    WITHIN_S,
    answers,
    confirmed,
    inbox,
    read_stream,
    running,
    send,
    submitted,
)

from shared.eventsourcing.errors import NewerEventError
from shared.eventsourcing.inbox.prepare import Prepared


async def test_receipts_keep_their_order_though_the_next_batch_is_decided_meanwhile(
    nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(nats, *(submitted(number) for number in range(1200)))
    box, order, second_is_decided = inbox(nats), list[int](), asyncio.Event()
    carry_out, answer = box._carry_out, box._answer

    async def decided(batch: Sequence[Prepared], sent: Callable[[], None]) -> Any:
        receipts = await carry_out(batch, sent)
        if batch[0].message.sequence > 1:
            second_is_decided.set()
        return receipts

    async def answered(batch: Sequence[Prepared], receipts: Any) -> None:
        if batch[0].message.sequence == 1:
            await asyncio.wait_for(second_is_decided.wait(), WITHIN_S)
        order.append(batch[0].message.sequence)
        await answer(batch, receipts)

    monkeypatch.setattr(box, "_carry_out", decided)
    monkeypatch.setattr(box, "_answer", answered)
    async with running(box):
        found = await answers(nats, box)
    assert order == sorted(order)
    assert found.is_complete(1200)


class Slow:
    """The first batch is under way, and done only when it is let go."""

    def __init__(self, box: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun: list[int] = []
        self.first_is_sent, self.let_go = asyncio.Event(), asyncio.Event()
        self._carry_out = box._carry_out
        monkeypatch.setattr(box, "_carry_out", self)

    async def __call__(self, batch: Sequence[Prepared], sent: Callable[[], None]) -> Any:
        first = batch[0].message.sequence
        self.begun.append(first)
        receipts = await self._carry_out(batch, sent)
        if first == 1:
            self.first_is_sent.set()
            await asyncio.wait_for(self.let_go.wait(), WITHIN_S)
        return receipts

    async def second_begins(self) -> None:
        async with asyncio.timeout(WITHIN_S):
            while len(self.begun) < 2:
                await asyncio.sleep(0.002)


async def test_a_batch_about_others_is_decided_meanwhile(
    nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(nats, *(submitted(number) for number in range(600)))
    box = inbox(nats)
    slow = Slow(box, monkeypatch)
    async with running(box):
        await slow.second_begins()
        slow.let_go.set()
        found = await answers(nats, box)
    assert slow.begun == [1, 501]
    assert found.is_complete(600)


async def test_a_batch_about_the_same_waits_until_the_one_before_is_done(
    nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(nats, *(submitted(number) for number in range(500)))
    await send(nats, confirmed(7), subject=RESOLVED)
    box = inbox(nats)
    slow = Slow(box, monkeypatch)
    async with running(box):
        await asyncio.wait_for(slow.first_is_sent.wait(), WITHIN_S)
        for _ in range(50):
            await asyncio.sleep(0.002)
        assert slow.begun == [1]
        slow.let_go.set()
        found = await answers(nats, box)
    assert found.is_complete(501)
    assert 501 in found.accepted
    assert len(await read_stream(nats, "INTAKE")) == 501


async def test_behind_what_has_to_wait_nothing_about_the_same_is_decided(
    nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(nats, *(submitted(number) for number in range(500)))
    await send(nats, confirmed(7), subject=RESOLVED)
    box = inbox(nats)
    begun: list[int] = []
    carry_out = box._carry_out

    async def newer(batch: Sequence[Prepared], sent: Callable[[], None]) -> Any:
        begun.append(batch[0].message.sequence)
        receipts = await carry_out(batch, sent)
        return [NewerEventError("is newer than this process"), *receipts[1:]]

    monkeypatch.setattr(box, "_carry_out", newer)
    with pytest.raises(NewerEventError):
        await asyncio.wait_for(box.run(), WITHIN_S)
    assert begun == [1]
    assert box.position == 0
