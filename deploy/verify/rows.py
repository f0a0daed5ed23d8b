"""Rows against a fresh replay of the log, up to the checkpoints at which they are."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, func, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from deploy.reading import batches
from deploy.suite import DatabaseAwayError, database, read_models
from deploy.verify.case import Case
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.projections import checkpoints, serving, set_aside
from shared.eventsourcing.projections.compare import differences
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.projections.read_model import ReadModel

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
    _left_over(case, service, set(reached) - {model.name for model in models})
    together: dict[tuple[str, int], list[ReadModel]] = {}
    for model in models:
        if model.name not in reached and not case.services_run:
            case.verdict.behind.append(
                f"{service}: {model.name} is not there yet; its service makes it"
            )
            continue
        if model.name not in reached or model.table.name not in tables:
            case.wrong(f"read models of {service}", f"{service}: {model.name} is not there")
            continue
        at, end = reached[model.name], case.ends.get(model.stream, 0)
        last = await ends_at(case.client, model.stream) if end else 0
        if at > last:
            line = f"{service}: {model.name} is at {at:,}, but {model.stream} ends at {last:,}"
            case.wrong("checkpoints beyond the end of a log", line)
            continue
        if served and model.name not in served.values():
            case.verdict.behind.append(
                f"{service}: {model.name} is being made: at {at:,} of {end:,}"
            )
        else:
            case.behind(model.name, model.stream, at, end)
        together.setdefault((model.stream, at), []).append(model)
    names = [model.name for model in models]
    for name, count in set_aside.counts(live, names).items() if "set_aside" in tables else ():
        line = f"{service}: {count:,} events are set aside from {name}; `tribune rebuild {name}`"
        case.wrong("events set aside", line)
    for (stream, at), group in together.items():
        await _against_a_replay(case, group, stream, at, live)


async def _against_a_replay(
    case: Case, models: Sequence[ReadModel], stream: str, at: int, live: Connection
) -> None:
    with TemporaryDirectory(prefix="tribune-verify-") as folder:
        fresh = open_database(f"sqlite:///{Path(folder) / 'fresh.db'}", CACHE_MB)
        prepare(fresh, models)
        projector = Projector(fresh, models, tells=False)
        projector.begin()
        if at:
            async for batch in batches(case.client, stream, at):
                projector.apply(batch)
        with fresh.connect().execution_options(reads_only=True) as anew:
            for model in models:
                for key, what in differences(model, live, anew):
                    case.wrong(f"rows of {model.name}: {what}", f"{model.name}: {key}: {what}")
                rows = live.execute(select(func.count()).select_from(model.table)).scalar_one()
                case.verdict.looked_at.append(f"{model.name}: {rows:,} rows at {at:,}")
        fresh.dispose()


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
