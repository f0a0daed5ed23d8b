"""A command that is nothing but the event which it becomes: by request its body is that event's."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, get_type_hints

from pydantic import TypeAdapter

from shared.contracts.event import Event
from shared.contracts.values import UtcInstant

Body = dict[str, Any]
MOMENT: TypeAdapter[datetime] = TypeAdapter(UtcInstant)


def carried_by(command: type) -> type[Event] | None:
    """The type of the event that a command carries: its only field."""
    match [*get_type_hints(command).values()]:
        case [type() as only] if issubclass(only, Event):
            return only
        case _:
            return None


def reader_of(command: type) -> Callable[[Body], Any]:
    """Makes the command of a request's body; raises ValidationError."""
    event_type = carried_by(command)
    if event_type is None:
        return TypeAdapter(command).validate_python
    return lambda body: command(_as_said(event_type, body))


def _as_said(event_type: type[Event], body: Body) -> Event:
    """An event takes its moments as the log holds them, in UTC; what others say is put there first,
    and a number is no moment."""
    event = event_type.model_validate(body)
    moments = {
        name: MOMENT.validate_python(body[name])
        for name, value in event
        if isinstance(value, datetime) and name in event.model_fields_set
    }
    return event_type.model_validate(body | moments)
