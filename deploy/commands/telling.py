"""What `tribune up` says while it runs: on its console, and in `up.log` beside the other logs."""

import json
from contextlib import suppress
from pathlib import Path

import structlog

from deploy.terminal import Terminal
from shared.runtime.outside import harmless_values

console = Terminal(stderr=True)


class _OnConsole:
    """Beside a line that changes it must be rich that writes."""

    def write(self, text: str) -> None:
        console.out(text, end="", highlight=False)

    def flush(self) -> None:
        pass


def _harmless(
    _: structlog.typing.WrappedLogger, __: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    return harmless_values(event)  # type: ignore[no-any-return]


def tell_also_in(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)

    def keep(
        _: structlog.typing.WrappedLogger, __: str, event: structlog.typing.EventDict
    ) -> structlog.typing.EventDict:
        with suppress(OSError), path.open("a", encoding="utf-8") as file:  # the disk may be full
            file.write(f"{json.dumps(event, default=str)}\n")
        return event

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep,
            _harmless,
            structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0),
        ],
        logger_factory=structlog.PrintLoggerFactory(_OnConsole()),  # type: ignore[arg-type]
    )
