"""How far a long work is: a bar on a terminal, elsewhere a line now and then."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import floor
from time import monotonic
from typing import Protocol

from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.terminal import Terminal
from shared.runtime.outside import harmless

A_LINE_EVERY_S = 5.0
A_HAIR = 1e-9  # 0.29 is stored as a little less


class Tell(Protocol):
    def __call__(self, done: int, share: float) -> None:
        """How many are done, and which share of the whole that is, from 0 to 1."""


@contextmanager
def telling(console: Terminal, what: str, unit: str, of: int | None = None) -> Iterator[Tell]:
    if not console.is_terminal:
        yield _Lines(console, what, unit, of).tell
        return
    columns = (TextColumn(escape(harmless(what))), BarColumn(), TextColumn("{task.fields[done]}"))
    with Progress(*columns, TimeElapsedColumn(), console=console) as bar:
        task = bar.add_task(what, total=1.0, done="")

        def tell(done: int, share: float) -> None:
            bar.update(task, completed=share, done=_counted(done, unit, of))

        yield tell


class _Lines:
    def __init__(self, console: Terminal, what: str, unit: str, of: int | None) -> None:
        self._console, self._what, self._unit, self._of = console, what, unit, of
        self._told_at = monotonic()

    def tell(self, done: int, share: float) -> None:
        if monotonic() - self._told_at < A_LINE_EVERY_S:
            return
        self._told_at = monotonic()
        line = f"{self._what}: {_counted(done, self._unit, self._of)} ({_percent(share)}%)"
        self._console.print(line, highlight=False, soft_wrap=True)


def _counted(done: int, unit: str, of: int | None) -> str:
    return f"{done:,} {unit}" if of is None else f"{done:,} of {of:,} {unit}"


def _percent(share: float) -> int:
    """Rounded down: what is not done is never at 100 %."""
    return floor(100 * share + A_HAIR)
