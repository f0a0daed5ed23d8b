"""Removes what no code uses any more: retired read models, and positions of what is not there."""

import json

from sqlalchemy import Engine, MetaData, Table, inspect

from deploy.programs import SERVICES
from deploy.suite import database, flows, read_models
from shared.eventsourcing.inbox.clearing import POSITION
from shared.eventsourcing.inbox.digest_key import subject_of
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.projections import checkpoints, fingerprints, serving, set_aside
from shared.runtime.settings import Settings
from shared.runtime.vault import beginning as vault

KEPT = {subject_of("intake"), vault.subject_of("intake")}
OF_INBOXES = f"position.intake.{POSITION}"


async def prune(client: Client, settings: Settings) -> list[str]:
    """What was removed, a line each. Only when no older process runs any more: it would miss it."""
    removed = []
    for service in SERVICES:
        engine = database(settings, service)
        try:
            removed += [f"{service}: {name}" for name in _prune_rows(engine, service)]
        finally:
            engine.dispose()
    return removed + await _prune_positions(client)


def _prune_rows(engine: Engine, service: str) -> list[str]:
    """A read model's tables bear its name. What is followed until another version is made is not
    retired yet."""
    with engine.begin() as connection:
        tables = set(inspect(connection).get_table_names())
        if "checkpoints" not in tables:
            return []
        followed = serving.followed(connection, read_models(service))
        known = {name for model in followed for name in model.positions}
        retired = sorted(set(checkpoints.read_all(connection)) - known)
        for name in retired:
            for table in sorted({name, f"{name}_counts"} & tables):
                Table(table, MetaData()).drop(connection)
            checkpoints.remove(connection, name)
            set_aside.clear(connection, name)
            if "fingerprints" in tables:
                fingerprints.forget(connection, name)
                serving.withdraw(connection, name)
    return sorted({name.split()[0] for name in retired})


async def _prune_positions(client: Client) -> list[str]:
    retired = await left_over(client)
    for subject in retired:
        await client.jetstream().purge_stream("POSITIONS", subject=subject)
    return [f"POSITIONS: {subject}" for subject in retired]


async def left_over(client: Client) -> list[str]:
    """The positions of what is not there now."""
    ours = {f"position.{flow.service}.{flow.name}" for flow in flows()}
    return [
        each
        for each in await positions(client)
        if each not in ours | KEPT and not each.startswith(OF_INBOXES)
    ]


async def positions(client: Client) -> list[str]:
    """The subjects of all positions that are kept."""
    query = json.dumps({"subjects_filter": "position.>"}).encode()
    answer = await client.request("$JS.API.STREAM.INFO.POSITIONS", query, timeout=5)
    return sorted(json.loads(answer.data).get("state", {}).get("subjects") or ())
