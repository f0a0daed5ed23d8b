"""A long work step by step: a line that is rewritten on a terminal, elsewhere one now and then."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from rich.status import Status
from rich.text import Text

from deploy.terminal import Terminal

A_LINE_EVERY_S, REWRITTEN_EVERY_S = 5.0, 0.1


class Steps:
    """Use `step_by_step`."""

    def __init__(self, console: Terminal) -> None:
        self._console = console
        self._line = Status("", console=console) if console.is_terminal else None
        self._every_s = REWRITTEN_EVERY_S if self._line else A_LINE_EVERY_S
        self._step, self._began, self._told_at = "", monotonic(), monotonic()

    def begins(self, step: str) -> None:
        """The one before is done, and stays to be seen."""
        self.end()
        self._step, self._began, self._told_at = step, monotonic(), monotonic()
        if self._line:
            self._line.update(Text(f"{step} …", no_wrap=True, overflow="ellipsis"))
            self._line.start()
        else:
            self._print(f"{step} …")

    def moved(self, what: str, done: int, of: int) -> None:
        """Within a step; of none where nobody knows of how many, and of nothing where only time
        passes."""
        now = monotonic()
        if now - self._told_at < self._every_s:
            return
        self._told_at = now
        since = f"{now - self._began:.0f} s"
        counted = f"{what}: {done:,}" + (f" of {of:,} ({done / of:.0%})" if of else "")
        told = f"{counted}, {since}" if what else since
        if self._line:
            brief = self._step.partition(":")[0]
            self._line.update(Text(f"{brief} … {told}", no_wrap=True, overflow="ellipsis"))
        else:
            self._print(f"  {told}")

    def end(self) -> None:
        if self._line and self._step:
            self._line.stop()
            self._print(f"{self._step}, {monotonic() - self._began:.1f} s")
        self._step = ""

    def _print(self, line: str) -> None:
        self._console.print(line, style="dim", highlight=False, soft_wrap=True)


@contextmanager
def step_by_step(console: Terminal) -> Iterator[Steps]:
    steps = Steps(console)
    try:
        yield steps
    finally:
        steps.end()
