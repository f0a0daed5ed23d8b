"""Writes all rows but those that can't be written, and says which events stood behind them."""

from collections.abc import Sequence

from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError, StatementError

from shared.eventsourcing.errors import TryLaterError
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel
from shared.eventsourcing.projections.set_aside import SetAside


def write_around(
    connection: Connection, model: ReadModel, events: Sequence[RecordedEvent], position: str
) -> list[SetAside]:
    """In halves, until an event that fails stands alone; the others keep their order. `position` is
    the name under which it is set aside."""
    if not events:
        return []
    try:
        with connection.begin_nested():
            model.write(connection, list(events))
    except Exception as error:
        if not is_row_fault(error):
            raise
        if len(events) == 1:
            return [_set_aside(position, events[0], error)]
    else:
        return []
    half = len(events) // 2
    before = write_around(connection, model, events[:half], position)
    return before + write_around(connection, model, events[half:], position)


def is_row_fault(error: Exception) -> bool:
    """A fault of one row; a database that is away, or lacks the table, is another matter."""
    if not isinstance(error, SQLAlchemyError):
        return not isinstance(error, OSError | TryLaterError)
    return type(error) is StatementError or isinstance(error, DataError | IntegrityError)


def _set_aside(position: str, recorded: RecordedEvent, error: Exception) -> SetAside:
    kind = type(getattr(error, "orig", None) or error).__name__
    return SetAside(position, recorded.sequence, recorded.event.type_name(), kind)
