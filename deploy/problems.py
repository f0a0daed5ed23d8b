"""Turns what can go wrong in a command into words and an exit code."""

from nats.errors import Error as NatsError
from nats.errors import NoRespondersError
from sqlalchemy.exc import SQLAlchemyError

from deploy.asking import NotDoneError
from deploy.connecting import NoSuiteError
from deploy.why import UnknownIdError
from shared.eventsourcing.errors import LogDamagedError

FOUND_WRONG, WRONG_USE, DAMAGED, NOTHING_THERE = 1, 2, 3, 4


def told(error: BaseException) -> tuple[int, str]:
    """Exit code and one clear sentence."""
    if isinstance(error, BaseExceptionGroup):
        return told(error.exceptions[0])
    match error:
        case LogDamagedError():
            return DAMAGED, str(error)
        case NoSuiteError():
            return NOTHING_THERE, str(error)
        case NoRespondersError():
            return NOTHING_THERE, "the service does not run; start the suite with `tribune up`"
        case NatsError() | OSError() | TimeoutError():
            return NOTHING_THERE, f"NATS does not answer: {error or type(error).__name__}"
        case UnknownIdError() | NotDoneError() | RuntimeError() | ValueError() | SQLAlchemyError():
            return FOUND_WRONG, str(error)
        case _:
            return FOUND_WRONG, f"{type(error).__name__}: {error}"
