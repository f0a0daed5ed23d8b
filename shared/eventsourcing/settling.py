"""What became of a batch is put down in its turn, up to the first message that has to wait."""

from collections.abc import Awaitable, Callable, Sequence

from shared.eventsourcing.pipeline import Turn
from shared.eventsourcing.waiting import first_to_wait

PutDown = Callable[[int], Awaitable[None]]
"""For so many messages from the first on: errors into DEAD, then the position, which moves last."""


async def settle(errors: Sequence[Exception | None], turn: Turn, put_down: PutDown) -> None:
    """`errors` is what stands against each message. Raises TryLaterError for what has to wait."""
    waits = first_to_wait(errors)
    if waits is None:
        turn.let_next_begin()
    await turn.comes()
    if done := len(errors) if waits is None else waits[0]:
        await put_down(done)
    if waits is not None:
        raise waits[1]
