"""A small suite at rest for `verify`: so many reports in INTAKE, and intake's rows of them."""

from nats.aio.client import Client

from deploy.programs import SERVICES
from deploy.suite import database, read_models
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.runtime.settings import Settings
from shared.testing.examples import REPORT_FILED, new_event, varied


async def reports_with_rows(nats: Client, given: Settings, count: int) -> None:
    """The others have tables, and no rows."""
    await reports(nats, range(count))
    for service in SERVICES:
        engine, models = database(given, service), read_models(service)
        prepare(engine, models)
        if service == "intake":
            await Projector(engine, models, "INTAKE").catch_up(nats, count)
        engine.dispose()


async def reports(nats: Client, numbers: range) -> None:
    for number in numbers:
        key = AggregateKey("intake", "report", f"{number:032x}")
        filed = new_event(varied(REPORT_FILED, report_id=key.id), 1, key.id)
        await JetStreamEventStore(nats).append([Append(key, 0, [filed])])
