"""Begins PUBLIC anew: the one log that is derived, and that outsiders know."""

from contextlib import suppress

from nats.js.errors import NotFoundError
from sqlalchemy import inspect

from deploy.asking import ask_all
from deploy.suite import database, flows, read_models
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.positions import Position, PositionKeeper
from shared.eventsourcing.jetstream.streams import log_stream
from shared.eventsourcing.projections import checkpoints, set_aside
from shared.runtime.settings import Settings

PUBLISHING, PUBLIC = "publishing", "PUBLIC"


class PublishingRunsError(Exception):
    """PUBLIC is not taken away from under a service that writes it."""


async def begin_new_public(client: Client, settings: Settings) -> None:
    """Positions first, then rows, then the stream: whatever a death leaves, doing it again or
    starting publishing makes it whole.

    Raises PublishingRunsError.
    """
    if await ask_all(client, PUBLISHING):
        raise PublishingRunsError(
            "publishing runs; stop it first: it writes PUBLIC, and would take its end for damage"
        )
    for flow in flows():
        if flow.target == PUBLIC:
            keeper = PositionKeeper(client, flow.service, flow.name)
            await keeper.begin()
            await keeper.move(Position())
    _forget_rows(settings)
    with suppress(NotFoundError):
        await client.jetstream().delete_stream(PUBLIC)
    await client.jetstream().add_stream(log_stream(PUBLIC))


def _forget_rows(settings: Settings) -> None:
    engine = database(settings, PUBLISHING)
    with engine.begin() as connection:
        tables = set(inspect(connection).get_table_names())
        for model in read_models(PUBLISHING):
            if model.table.name in tables:
                model.table.drop(connection)
            if "checkpoints" in tables:
                checkpoints.remove(connection, model.name)
                set_aside.clear(connection, model.name)
    engine.dispose()
