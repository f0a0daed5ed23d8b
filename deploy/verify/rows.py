"""Rows against a fresh replay of the log, up to the checkpoints at which they are."""

from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from deploy.programs import SERVICES
from deploy.suite import DatabaseAwayError, database, read_models
from deploy.verify.case import Case
from deploy.verify.replay import CACHE_MB, Replay, replay
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.projections import checkpoints, serving, set_aside
from shared.eventsourcing.projections.compare import differences
from shared.eventsourcing.projections.decoding import Decoded
from shared.eventsourcing.projections.read_model import ReadModel

Positions = tuple[tuple[str, int], ...]


@asynccontextmanager
async def rows_on(case: Case, stream: str) -> AsyncIterator["list[Rows]"]:
    """Of the services whose rows derive from it, before all other streams; proven at the end."""
    found = [Rows(case, each) for each in SERVICES if read_models(each)[0].stream == stream]
    try:
        for each in found:
            await each.begin()
        yield found
        for each in found:
            await each.prove()
    finally:
        for each in found:
            each.close()


class Rows:
    """Those of one service as of one moment, from `begin` on. `take` gets what is read of their
    log meanwhile, so that it is read and decoded once. Makes nothing: a database that is not there
    is a finding. Use `rows_on`."""

    def __init__(self, case: Case, service: str) -> None:
        self._case, self._service = case, service
        self._held = ExitStack()
        self._live: Connection | None = None
        self._replays: list[Replay] = []

    async def begin(self) -> None:
        case, service = self._case, self._service
        with self._told():
            engine = database(case.settings, service, CACHE_MB)
            self._held.callback(engine.dispose)
            if file := _missing_file(engine):
                line = f"{service}: there is no database {file}"
                case.wrong(f"the database of {service}", line)
                return
            live = engine.connect().execution_options(**_snapshot(engine))
            self._live = self._held.enter_context(live)
            together = await _together(case, service, self._live)
            self._replays = [
                self._held.enter_context(replay(case, models, dict(positions)))
                for positions, models in together.items()
            ]

    def take(self, stream: str, batch: Decoded, last: int) -> None:
        with self._told():
            for each in self._replays:
                each.take(stream, batch, last)

    async def prove(self) -> None:
        self._case.say(
            f"read models of {self._service}:"
            f" {', '.join(model.name for model in read_models(self._service))}"
        )
        with self._told():
            for each in self._replays:
                await each.finish()
                self._compare(each)

    def close(self) -> None:
        with self._told():
            self._held.close()

    def _compare(self, made: Replay) -> None:
        """With what is live."""
        case, live = self._case, self._live
        assert live is not None  # noqa: S101  # nosec B101
        with made.rows() as anew:
            for model in made.models:
                for table in model.tables:
                    for key, what in differences(table, live, anew, _looking(case, table.name)):
                        case.wrong(f"rows of {table.name}: {what}", f"{table.name}: {key}: {what}")
                rows = live.execute(select(func.count()).select_from(model.table)).scalar_one()
                upto = ", ".join(f"{at:,}" for at in made.positions.values())
                case.verdict.looked_at.append(f"{model.name}: {rows:,} rows at {upto}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """A database that can't be asked is a finding, and nothing more is proven of it."""
        case, service = self._case, self._service
        try:
            yield
        except DatabaseAwayError as error:
            self._replays = []
            case.wrong(f"the database of {service}", str(error))
        except SQLAlchemyError as error:
            self._replays = []
            said = str(getattr(error, "orig", error)).splitlines()[0]
            line = f"{service}: its database can't be read: {said}"
            case.wrong(f"the database of {service}", line)


async def _together(case: Case, service: str, live: Connection) -> dict[Positions, list[ReadModel]]:
    """Read models of the same stream at the same checkpoint share one replay."""
    ours = read_models(service)
    tables = set(inspect(live).get_table_names())
    reached = checkpoints.read_all(live) if "checkpoints" in tables else {}
    models = list(serving.followed(live, ours)) if reached else ours
    served = serving.read_all(live) if serving.served.name in tables else {}
    _left_over(case, service, set(reached) - {name for each in models for name in each.positions})
    together: dict[Positions, list[ReadModel]] = {}
    for model in models:
        if missing := _missing(model, reached, tables):
            if reached.keys() & set(model.positions) or case.services_run:
                case.wrong(f"read models of {service}", f"{service}: {missing}")
            else:
                line = f"{service}: {model.name} is not there yet; its service makes it"
                case.verdict.behind.append(line)
            continue
        at = {stream: reached[model.position_in(stream)] for stream in model.streams}
        if all([await _is_within(case, service, model.name, *each) for each in at.items()]):
            _tell_what_is_behind(case, service, model, at, is_served=_is_served(model, served))
            together.setdefault(tuple(at.items()), []).append(model)
    for name, count in set_aside.counts(live, models).items() if "set_aside" in tables else ():
        line = f"{service}: {count:,} events are set aside from {name}; `tribune rebuild {name}`"
        case.wrong("events set aside", line)
    return together


def _missing(model: ReadModel, reached: Mapping[str, int], tables: Collection[str]) -> str:
    is_there = set(model.positions) <= reached.keys()
    is_there = is_there and {table.name for table in model.tables} <= set(tables)
    return "" if is_there else f"{model.name} is not there"


def _is_served(model: ReadModel, served: Mapping[str, str]) -> bool:
    return not served or model.name in served.values()


async def _is_within(case: Case, service: str, name: str, stream: str, at: int) -> bool:
    """Its position does not lie beyond the end of the log."""
    last = await ends_at(case.client, stream) if case.ends.get(stream, 0) else 0
    if at > last:
        line = f"{service}: {name} is at {at:,}, but {stream} ends at {last:,}"
        case.wrong("checkpoints beyond the end of a log", line)
    return at <= last


def _tell_what_is_behind(
    case: Case, service: str, model: ReadModel, positions: Mapping[str, int], *, is_served: bool
) -> None:
    for stream, at in positions.items():
        end = case.ends.get(stream, 0)
        if is_served:
            case.behind(model.name, stream, at, end)
        else:
            line = f"{service}: {model.name} is being made: at {at:,} of {end:,} in {stream}"
            case.verdict.behind.append(line)


def _looking(case: Case, table: str) -> Callable[[int], None]:
    """How many there are nobody has counted."""
    return lambda rows: case.moved(f"rows of {table}", rows, 0)


def _left_over(case: Case, service: str, names: set[str]) -> None:
    for name in sorted(names):
        line = f"{service}: the read model {name} is not used any more; `tribune setup --prune`"
        case.verdict.left_over.append(line)


def _missing_file(engine: Engine) -> str | None:
    """SQLite would make one."""
    file = engine.url.database
    is_file = engine.dialect.name == "sqlite" and file is not None
    return file if is_file and file and not Path(file).exists() else None


def _snapshot(engine: Engine) -> dict[str, Any]:
    if engine.dialect.name == "sqlite":
        return {"reads_only": True}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
