"""Whether the loop that runs is still ours: who has lost its lease must write nothing."""

from contextvars import ContextVar
from typing import Protocol


class Term(Protocol):
    """The time for which one process owns a loop."""

    async def heed(self) -> None:
        """Raises LeaseLostError once somebody else has taken over."""


current_term: ContextVar[Term | None] = ContextVar("current_term", default=None)
"""Set for an owned loop and all tasks and threads that it starts; None where nobody owns."""


async def heed_lease() -> None:
    """To be called before anything is written."""
    term = current_term.get()
    if term is not None:
        await term.heed()
