"""Pages of a sweep overlap, but never two about one thing; and none runs on behind its end."""

import asyncio
from collections.abc import Callable

import pytest

from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.timers.pages import PagesUnderWay, Work

pytestmark = pytest.mark.anyio


class Pages:
    """Each is on its way at once, and durable when it is let."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.durable: dict[str, asyncio.Event] = {}

    def page(self, name: str, error: Exception | None = None) -> Work:
        self.durable[name] = asyncio.Event()

        async def work(sent: Callable[[], None]) -> None:
            self.told.append(f"{name} sent")
            sent()
            await self.durable[name].wait()
            self.told.append(f"{name} done")
            if error:
                raise error

        return work


def keys(*ids: str) -> set[AggregateKey]:
    return {AggregateKey("intake", "check", each) for each in ids}


async def quiet() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_the_next_page_is_decided_while_one_is_made_durable_and_no_third() -> None:
    pages, under_way = Pages(), PagesUnderWay()
    await under_way.begin(keys("a"), pages.page("one"))
    await under_way.begin(keys("b"), pages.page("two"))
    third = asyncio.create_task(under_way.begin(keys("c"), pages.page("three")))
    await quiet()
    assert pages.told == ["one sent", "two sent"]
    pages.durable["one"].set()
    await third
    assert pages.told == ["one sent", "two sent", "one done", "three sent"]
    for each in pages.durable.values():
        each.set()
    await under_way.end()
    assert len(pages.told) == 6


async def test_a_page_about_what_is_under_way_waits_for_it() -> None:
    pages, under_way = Pages(), PagesUnderWay()
    await under_way.begin(keys("a", "b"), pages.page("one"))
    second = asyncio.create_task(under_way.begin(keys("b", "c"), pages.page("two")))
    await quiet()
    assert pages.told == ["one sent"]
    pages.durable["one"].set()
    await second
    assert pages.told == ["one sent", "one done", "two sent"]
    await under_way.stop()
    await quiet()
    assert "two done" not in pages.told


async def test_what_a_page_failed_for_is_told_once_the_others_have_ended() -> None:
    pages, under_way = Pages(), PagesUnderWay()
    await under_way.begin(keys("a"), pages.page("one", ValueError("full")))
    await under_way.begin(keys("b"), pages.page("two"))
    for each in pages.durable.values():
        each.set()
    with pytest.raises(ValueError, match="full"):
        await under_way.end()
    assert "two done" in pages.told


async def test_who_is_stopped_leaves_nothing_that_runs() -> None:
    pages, under_way = Pages(), PagesUnderWay()
    await under_way.begin(keys("a"), pages.page("one"))
    ending = asyncio.create_task(under_way.end())
    await quiet()
    ending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending
    pages.durable["one"].set()
    await quiet()
    assert pages.told == ["one sent"]
