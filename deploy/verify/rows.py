"""Rows against a fresh replay of the log, up to the checkpoints at which they are."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from deploy.looking.reading import batches
from deploy.suite import DatabaseAwayError, database, read_models
from deploy.verify.case import Case
from deploy.verify.scratch import PREFIX
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.projections import checkpoints, serving, set_aside
from shared.eventsourcing.projections.compare import differences
from shared.eventsourcing.projections.meanwhile import fresh_database
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.projections.read_model import ReadModel

Positions = tuple[tuple[str, int], ...]
CACHE_MB = 16
"""For the live rows and the fresh ones each: with more a proof is no faster, only larger."""


async def check_rows(case: Case, service: str) -> None:
    """Makes nothing: a database that is not there is a finding."""
    ours = read_models(service)
    case.say(f"read models of {service}: {', '.join(model.name for model in ours)}")
    engine = database(case.settings, service, CACHE_MB)
    try:
        if file := _missing_file(engine):
            case.wrong(f"the database of {service}", f"{service}: there is no database {file}")
            return
        with engine.connect().execution_options(**_snapshot(engine)) as live:
            await _compare(case, service, ours, live)
    except DatabaseAwayError as error:
        case.wrong(f"the database of {service}", str(error))
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", error)).splitlines()[0]
        case.wrong(f"the database of {service}", f"{service}: its database can't be read: {said}")
    finally:
        engine.dispose()


async def _compare(case: Case, service: str, ours: Sequence[ReadModel], live: Connection) -> None:
    """Read models of the same stream at the same checkpoint share one replay."""
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
    for positions, group in together.items():
        await _against_a_replay(case, group, positions, live)


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


async def _against_a_replay(
    case: Case, models: Sequence[ReadModel], positions: Positions, live: Connection
) -> None:
    with fresh_database(PREFIX, CACHE_MB) as fresh:
        prepare(fresh, models)
        for stream, at in positions:
            projector = Projector(fresh, models, stream, case.codec, tells=False)
            projector.begin()
            if at:
                async with aclosing(batches(case.client, stream, at)) as found:
                    async for batch in found:
                        projector.apply(batch)
                        case.moved(stream, batch[-1].sequence, at)
        with fresh.connect().execution_options(reads_only=True) as anew:
            for model in models:
                for table in model.tables:
                    for key, what in differences(table, live, anew, _looking(case, table.name)):
                        case.wrong(f"rows of {table.name}: {what}", f"{table.name}: {key}: {what}")
                rows = live.execute(select(func.count()).select_from(model.table)).scalar_one()
                upto = ", ".join(f"{at:,}" for _, at in positions)
                case.verdict.looked_at.append(f"{model.name}: {rows:,} rows at {upto}")


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
