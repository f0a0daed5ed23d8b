"""Structured logs: JSON lines for machines, coloured text on a terminal; never a payload."""

import logging
import sys

import structlog

from shared.runtime.outside import harmless, harmless_values


def configure_logging(service: str, level: str = "INFO", log_format: str = "auto") -> None:
    as_json = log_format == "json" or (log_format == "auto" and not sys.stderr.isatty())
    rendering: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=True)]
        if as_json
        else [_harmless, structlog.dev.ConsoleRenderer()]
    )
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *rendering,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    logging.getLogger("uvicorn.access").disabled = True
    for chatty in ("asyncio", "faststream", "httpx"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # anybody can have it warn
    framework = logging.getLogger("faststream")  # brings a handler with a form of its own
    framework.handlers.clear()
    framework.propagate = True
    structlog.contextvars.bind_contextvars(service=service, correlation_id="-")


def _harmless(
    logger: structlog.typing.WrappedLogger, method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """JSON escapes by itself. A trace alone has several lines."""
    told = structlog.processors.format_exc_info(logger, method, event)
    traces = {
        name: harmless(str(told.pop(name)), "\n\t")
        for name in ("exception", "stack")
        if name in told
    }
    return harmless_values(told) | traces  # type: ignore[no-any-return]
