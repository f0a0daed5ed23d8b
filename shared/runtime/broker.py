"""Commands and queries by request and reply, through FastStream."""

import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

import structlog
from faststream import ExceptionMiddleware
from faststream.nats import NatsBroker, NatsJWT, NatsMessage, NatsResponse, NatsSecurity
from pydantic import ValidationError

from shared.contracts.strict_json import NamedTwiceError, NotJsonError, read_json
from shared.eventsourcing.errors import ConcurrencyError, DomainError, TryLaterError
from shared.eventsourcing.faults import faults_of
from shared.eventsourcing.jetstream.connection import CONNECTION_SETTINGS, harden_client
from shared.eventsourcing.jetstream.credentials import callbacks
from shared.eventsourcing.jetstream.tls import tls_settings
from shared.runtime import metrics

Handler = TypeVar("Handler", bound=Callable[..., Any])

AT_ONCE = 32
FINISH_WITHIN_S = 20
QUIET_FOR_S = 60.0

WAITING, WAITING_BYTES = 5_000, 16 * 1024**2
"""What may wait under one subject; nats-py's own limits are 512,000 messages and 128 MB."""


class NotTooOften:
    """FastStream's logger. Of a subject that is flooded it would tell with every message that is
    dropped: 190 MB in half a minute. What the asker calls a message is not told."""

    def __init__(self, logger: Any) -> None:
        self._logger = logger
        self._told: dict[str, float] = {}

    def log(self, level: int, event: Any, /, **more: Any) -> None:
        now = time.monotonic()
        if level >= logging.WARNING:
            if now - self._told.get(str(event), -QUIET_FOR_S) < QUIET_FOR_S:
                return
            self._told = {told: at for told, at in self._told.items() if now - at < QUIET_FOR_S} | {
                str(event): now
            }
        if context := more.pop("extra", None):
            more["extra"] = {name: context[name] for name in context if name != "message_id"}
        self._logger.log(level, event, **more)


class WrongHeaderError(ValueError):
    """What stands in a header would not be taken from an inbox either; says which."""


def make_broker(
    url: str, name: str, credentials: Path | None = None, authority: Path | None = None
) -> NatsBroker:
    """A broker that always answers: a failed command gets a problem instead of silence.

    Raises CredentialsError and AuthorityError.
    """
    harden_client()
    errors = ExceptionMiddleware()

    @errors.add_handler(DomainError, publish=True)
    async def forbidden(error: DomainError) -> NatsResponse:
        return problem(409, "Forbidden now", str(error))

    @errors.add_handler(ConcurrencyError, publish=True)
    async def conflict(error: ConcurrencyError) -> NatsResponse:
        return problem(409, "Somebody else was first", str(error))

    @errors.add_handler(TryLaterError, publish=True)
    async def later(error: TryLaterError) -> NatsResponse:
        return problem(503, "Try again later", f"{type(error).__name__}: {error}")

    @errors.add_handler(NotJsonError, publish=True)
    @errors.add_handler(NamedTwiceError, publish=True)
    @errors.add_handler(WrongHeaderError, publish=True)
    async def unreadable(error: ValueError) -> NatsResponse:
        return problem(400, "Invalid command", str(error))

    @errors.add_handler(Exception, publish=True)
    async def failed(error: Exception) -> NatsResponse:
        if "ValidationError" in type(error).__name__:
            return problem(400, "Invalid command", _unfitting(error))
        structlog.get_logger().exception("command failed")
        return problem(500, "Failed", type(error).__name__)

    async def decode(message: NatsMessage) -> Any:
        """By our own rules, whatever a sender calls the body's type."""
        return read_json(message.body)

    return NatsBroker(
        url,
        decoder=decode,
        name=name,
        security=_security(credentials, tls_settings(url, authority)),
        graceful_timeout=FINISH_WITHIN_S,
        middlewares=[errors],
        logger=NotTooOften(structlog.get_logger("faststream")),
        log_level=logging.DEBUG,
        **CONNECTION_SETTINGS,
    )


def _unfitting(error: Exception) -> str:
    """In words that repeat no value."""
    words = "The command's fields do not fit its schema"
    original = getattr(error, "original_error", error)
    if not isinstance(original, ValidationError):
        return f"{words}."
    faults = (f"{fault.pointer}: {fault.detail}" for fault in faults_of(original))
    return f"{words}: {'; '.join(faults)}"


def answers(
    broker: NatsBroker,
    subject: str,
    title: str,
    queue: str = "",
    *,
    at_once: int | None = None,
    description: str | None = None,
) -> Callable[[Handler], Handler]:
    """Decorates who answers what is asked under the subject; of those with one `queue`, one does.
    No more than `WAITING` wait."""
    handler = broker.subscriber(
        subject,
        queue=queue,
        max_workers=at_once,
        pending_msgs_limit=WAITING,
        pending_bytes_limit=WAITING_BYTES,
        title=title,
        description=description,
    )
    return cast(Callable[[Handler], Handler], handler)


def _security(credentials: Path | None, tls: Mapping[str, Any]) -> NatsSecurity:
    given: dict[str, Any] = {"ssl_context": tls.get("tls"), "use_ssl": bool(tls)}
    given["tls_handshake_first"] = tls.get("tls_handshake_first", False)
    return NatsJWT(*callbacks(credentials), **given) if credentials else NatsSecurity(**given)


def problem(status: int, title: str, detail: str) -> NatsResponse:
    metrics.commands.labels("any", title).inc()
    return NatsResponse(
        {"type": "about:blank", "title": title, "status": status, "detail": detail},
        headers={"status": str(status)},
    )
