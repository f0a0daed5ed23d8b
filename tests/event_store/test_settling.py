"""What became of a batch is put down in its turn, up to what has to wait."""

import asyncio

import pytest

from shared.eventsourcing.errors import TryLaterError
from shared.eventsourcing.pipeline import Turn
from shared.eventsourcing.settling import settle

LATER = TryLaterError("a newer process knows it")


async def test_nothing_is_put_down_before_the_batch_before_is() -> None:
    put_down: list[str] = []
    gate = asyncio.Event()

    async def before() -> None:
        await gate.wait()
        put_down.append("before")

    async def own(_: int) -> None:
        put_down.append("own")

    first = asyncio.create_task(before())
    second = asyncio.create_task(settle([None], Turn(first), own))
    for _ in range(50):
        await asyncio.sleep(0)
    assert put_down == []
    gate.set()
    await second
    assert put_down == ["before", "own"]


@pytest.mark.parametrize(
    ("errors", "done"),
    [
        ([None, ValueError("ours")], [2]),
        ([None, ValueError("ours"), LATER, None], [2]),
        ([LATER, None], []),
        ([], []),
    ],
)
async def test_what_has_to_wait_is_left_with_all_behind_it(
    errors: list[Exception | None], done: list[int]
) -> None:
    put_down: list[int] = []

    async def note(count: int) -> None:
        put_down.append(count)

    if LATER in errors:
        with pytest.raises(TryLaterError):
            await settle(errors, Turn(None), note)
    else:
        await settle(errors, Turn(None), note)
    assert put_down == done
