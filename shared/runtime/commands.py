"""Serves commands by request and reply: `cmd.{service}.{Command}`, the fields as a JSON object."""

from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any
from uuid import uuid4

import structlog
from faststream.nats import NatsBroker, NatsMessage

from shared.contracts.identity import command_id
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.digests import Digests
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.inbox.parse import LONGEST_ID, harmless
from shared.runtime import metrics
from shared.runtime.broker import AT_ONCE, WrongHeaderError, answers
from shared.runtime.carried import reader_of

COMMAND_ID, ACTOR = "command-id", "actor"
OPERATOR = "operator"


def serve_commands(
    broker: NatsBroker,
    service: str,
    handler: CommandHandler,
    commands: Iterable[type],
    now: Callable[[], datetime],
    digests: Digests,
) -> None:
    """A `command-id` header makes a repetition harmless; `now` is always ours. Who may send here is
    staff; the header `actor` says who. It comes in by its digest, as all that the asker calls
    things by."""
    for command in commands:
        _serve(broker, service, handler, command, now, digests)


def _serve(
    broker: NatsBroker,
    service: str,
    handler: CommandHandler,
    command: type,
    now: Callable[[], datetime],
    digests: Digests,
) -> None:
    read = reader_of(command)
    has_now = any(field.name == "now" for field in fields(command))
    title, about = command.__name__, command.__doc__
    subject = f"cmd.{service}.{title}"

    @answers(broker, subject, title, service, at_once=AT_ONCE, description=about)
    async def handle(body: dict[str, Any], message: NatsMessage) -> dict[str, Any]:
        who = str(message.headers.get(ACTOR) or "")
        for name, value in (("correlation_id", message.correlation_id), (ACTOR, who or "-")):
            if harmless(value) is None:
                raise WrongHeaderError(
                    f"{name} must be one line of at most {LONGEST_ID} printable characters."
                )
        given = body | {"now": now()} if has_now else body
        said = str(message.headers.get(COMMAND_ID) or uuid4().hex)
        envelope = Envelope(
            read(given),
            id=digests.of("request", service, said),
            correlation_id=digests.of("request", service, message.correlation_id),
            former_id=command_id("request", service, said),
            actor=digests.person("staff", OPERATOR, who),
        )
        # not only for a while: what it fails of is told when this is over
        structlog.contextvars.bind_contextvars(correlation_id=envelope.correlation_id)
        (outcome,) = await handler.handle([envelope])
        metrics.commands.labels(command.__name__, "failed" if outcome.error else "done").inc()
        if outcome.error:
            raise outcome.error
        return {
            "id": outcome.aggregate_id,
            "stream": outcome.stream,
            "sequence": outcome.sequence,
            "new_events": outcome.new_events,
        }
