"""A database that can't be asked, in words; and answers that do not wait for one for ever."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any

import structlog
from sqlalchemy import URL, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from shared.eventsourcing.projections.database import run_in

ANSWERS_WITHIN_S = 5.0
FELT_EVERY_S = 2.0
_AWAY = ("08", "57P")  # connection exceptions, and a server that goes down or comes up


def where(service: str, url: URL) -> str:
    """Never with the password."""
    if url.get_backend_name() == "sqlite":
        return f"{service}'s database {url.database}"
    host = url.host or url.query.get("host") or "this machine"
    return f"{service}'s database {url.database} on {host}{f':{url.port}' if url.port else ''}"


def away(service: str, url: URL, error: SQLAlchemyError) -> str | None:
    """Why the database can't be asked and what to do; None for an error of another sort."""
    if not isinstance(error, OperationalError):
        return None
    said = str(error.orig)
    if url.get_backend_name() == "sqlite":
        return None if said.startswith("no such") else f"{where(service, url)}: {said}"
    state = getattr(error.orig, "sqlstate", None) or ""
    if state and not state.startswith(_AWAY):
        return None
    if "password authentication failed" in said or "no password supplied" in said:
        why = (
            f"refuses the password of {url.username}; see TRIBUNE_DATABASE_URL and"
            f" TRIBUNE_DATABASE_PASSWORDS__{service.upper()}"
        )
    elif said.rstrip().endswith("does not exist"):
        why = f"is not there: {said.rpartition('FATAL:')[2].strip()}"
    else:
        why = f"does not answer ({_short(said)})"
    return f"{where(service, url)} {why}"


def in_words(service: str, url: URL, error: BaseException) -> str | None:
    """What is wrong with the database and what to do; None where it is something else."""
    is_away = away(service, url, error) if isinstance(error, SQLAlchemyError) else None
    return is_away or corrupt(service, url, error)


def corrupt(service: str, url: URL, error: BaseException) -> str | None:
    """Which file, and what to do; None for an error of another sort."""
    code = getattr(getattr(error, "orig", None), "sqlite_errorcode", 0)
    if code & 0xFF not in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return None
    return (
        f"{where(service, url)} is corrupt ({getattr(error, 'orig', '')}). Its rows are made from"
        f" the log: stop the suite, remove the file with {url.database}-wal and {url.database}-shm"
        " beside it, and start again"
    )


def _short(said: str) -> str:
    """libpq tells at length where it tried; the end of the first line is the reason."""
    return said.splitlines()[0].rpartition(" failed: ")[2] if said else "no reason given"


class Figures:
    """What a service reads from its database for an answer. While a question hangs, no other one is
    put to the database: each would take a thread."""

    def __init__(self, service: str, engine: Engine, read: Callable[[], dict[str, Any]]) -> None:
        self._service = service
        self._engine = engine
        self._read = read
        self._asked: asyncio.Task[dict[str, Any]] | None = None

    async def ask(self) -> dict[str, Any]:
        """The figures; or `database` with the reason why there are none."""
        if self._asked is None or self._asked.done():
            self._asked = asyncio.create_task(run_in(self._engine, self._read))
            self._asked.add_done_callback(_seen)
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                return await asyncio.shield(self._asked)
        except TimeoutError:
            return {"database": f"away: {where(self._service, self._engine.url)} does not answer"}
        except SQLAlchemyError as error:
            url = self._engine.url
            if words := away(self._service, url, error):
                return {"database": f"away: {words}"}
            words = corrupt(self._service, url, error)
            return {"database": words or f"fails: {type(error).__name__}"}


class Pulse:
    """Whether the database says anything at all. Who waits for one that hangs gets no error: its
    loop would look well for as long as that lasts."""

    def __init__(self, service: str, engine: Engine) -> None:
        self._engine = engine
        self._words = f"{where(service, engine.url)} does not answer"
        self._hangs = False

    def troubles(self) -> list[str]:
        return [self._words] if self._hangs else []

    async def run(self) -> None:
        """Until cancelled. An error is an answer, too; it is told by whoever has work to do."""
        log = structlog.get_logger()
        while True:
            asked = asyncio.create_task(run_in(self._engine, reach, self._engine))
            asked.add_done_callback(_seen)
            await asyncio.wait([asked], timeout=ANSWERS_WITHIN_S)
            if not asked.done():
                self._hangs = True
                log.warning("the database hangs", reason=self._words)
                await asyncio.wait([asked])
                self._hangs = False
                log.info("the database answers again")
            await asyncio.sleep(FELT_EVERY_S)


def reach(engine: Engine) -> None:
    engine.connect().close()


def _seen(asked: "asyncio.Task[Any]") -> None:
    """Who waited for it may be gone; asyncio would tell of the error as of one that nobody saw."""
    if not asked.cancelled():
        asked.exception()
