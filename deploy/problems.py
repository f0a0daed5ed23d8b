"""Turns what can go wrong in a command into words and an exit code."""

from nats.errors import (
    ConnectionClosedError,
    ConnectionReconnectingError,
    NoRespondersError,
    NoServersError,
    OutboundBufferLimitError,
    StaleConnectionError,
)
from nats.js.errors import APIError
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from deploy.asking import NoAnswerError, NobodyAnswersError
from deploy.connecting import NatsAwayError, NoSuiteError
from deploy.given import UnknownNameError, WrongFileError
from deploy.locks.certificates import BadFileError
from deploy.locks.lost import NoKeysError
from deploy.locks.telling import NotToldError
from deploy.suite import DatabaseAwayError
from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.credentials import CredentialsError
from shared.eventsourcing.jetstream.tls import AuthorityError
from shared.eventsourcing.projections.meanwhile import NoRoomError
from shared.runtime.charter import CharterError
from shared.runtime.keys import WeakKeyError
from shared.runtime.settings import Settings
from shared.runtime.vault.errors import VaultFileError

FOUND_WRONG, WRONG_USE, DAMAGED, NOTHING_THERE = 1, 2, 3, 4

OWN_CODES: dict[type[BaseException], int] = {
    CharterError: WRONG_USE,
    WeakKeyError: WRONG_USE,
    AuthorityError: WRONG_USE,
    CredentialsError: WRONG_USE,
    NoKeysError: WRONG_USE,
    BadFileError: WRONG_USE,
    NotToldError: FOUND_WRONG,
    WrongFileError: WRONG_USE,
    UnknownNameError: WRONG_USE,
    NoRoomError: WRONG_USE,
    VaultFileError: WRONG_USE,
    LogDamagedError: DAMAGED,
    NoSuiteError: NOTHING_THERE,
    NatsAwayError: NOTHING_THERE,
    DatabaseAwayError: NOTHING_THERE,
    NoAnswerError: NOTHING_THERE,
    NobodyAnswersError: NOTHING_THERE,
}


def told(error: BaseException) -> tuple[int, str]:
    """Exit code and one clear sentence."""
    if isinstance(error, BaseExceptionGroup):
        return told(error.exceptions[0])
    match error:
        case _ if type(error) in OWN_CODES:
            return OWN_CODES[type(error)], str(error)
        case ValidationError() if error.title == Settings.__name__:
            return WRONG_USE, _settings(error)
        case NoRespondersError():
            return NOTHING_THERE, "the service does not run; start the suite with `tribune up`"
        case (
            ConnectionClosedError()
            | ConnectionReconnectingError()
            | NoServersError()
            | OutboundBufferLimitError()
            | StaleConnectionError()
        ):
            return NOTHING_THERE, "NATS does not answer any more; the connection to it was lost"
        case APIError():
            return FOUND_WRONG, f"NATS refuses: {error.description} ({error.err_code})"
        case TimeoutError():
            return NOTHING_THERE, "there was no answer in time; `tribune status` tells who is away"
        case DBAPIError():  # with its statement it would tell what stands in the rows
            return FOUND_WRONG, f"the database refuses: {str(error.orig).partition(chr(10))[0]}"
        case OSError() if error.filename and error.strerror:
            return FOUND_WRONG, f"{error.filename}: {error.strerror}"
        case _ if _speaks(error):
            return FOUND_WRONG, str(error)
        case _:
            return FOUND_WRONG, f"{type(error).__name__}: {error}"


def _speaks(error: BaseException) -> bool:
    """Errors of our own are sentences; of others, those that are meant to be read."""
    ours = type(error).__module__.partition(".")[0] in ("deploy", "services", "shared")
    return ours or isinstance(error, RuntimeError | ValueError)


def _settings(error: ValidationError) -> str:
    """Each by the name of its variable; a value may be a secret and is not repeated."""
    return "; ".join(
        f"TRIBUNE_{'__'.join(map(str, found['loc'])).upper()}: "
        + found["msg"].removeprefix("Value error, ")
        for found in error.errors(include_url=False, include_input=False)
    )
