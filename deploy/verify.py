"""Proves the suite right: every read model against a fresh replay, every log against itself."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import select

from deploy.log_check import check_inbox, check_log, check_streams
from deploy.suite import SERVICES, categories, database, read_models
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.projections import checkpoints
from shared.eventsourcing.projections.rebuild import compare
from shared.runtime.charter import read_charter
from shared.runtime.settings import Settings

Say = Callable[[str], None]


@dataclass
class Verdict:
    """What was looked at, and what was found wrong; nothing wrong is what we want."""

    looked_at: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


async def verify(client: Client, settings: Settings, say: Say) -> Verdict:
    """Looks at everything even if something is wrong early on."""
    verdict = Verdict()
    sources = list(read_charter(settings.charter_dir).sources)
    say("streams against their declaration")
    verdict.wrong += await check_streams(client, sources)
    for service in SERVICES:
        stream = categories(service)[0].service.upper()
        say(f"log {stream}: sequences, ids, revisions, folding")
        events, wrong = await check_log(client, stream, categories(service))
        verdict.looked_at.append(f"{stream}: {events:,} events")
        verdict.wrong += wrong
    for source in sources:
        say(f"inbox {source}: one receipt for each message")
        messages, wrong = await check_inbox(client, source)
        verdict.looked_at.append(f"inbox {source}: {messages:,} messages")
        verdict.wrong += wrong
    for service in SERVICES:
        await _check_service(client, settings, service, say, verdict)
    return verdict


async def _check_service(
    client: Client, settings: Settings, service: str, say: Say, verdict: Verdict
) -> None:
    engine = database(settings, service)
    checkpoints.metadata.create_all(engine)
    jetstream = client.jetstream()
    for model in read_models(service):
        say(f"read model {model.name} of {service}")
        with engine.connect().execution_options(reads_only=True) as connection:
            at = checkpoints.read(connection, model.name)
        end = (await jetstream.stream_info(model.stream)).state.last_seq
        if at > end:
            verdict.wrong.append(f"{model.name}: checkpoint {at} is beyond the log's end {end}")
            continue
        found = await compare(client, engine, model)
        verdict.looked_at.append(f"{found.model}: {found.rows:,} rows at {found.sequence:,}")
        verdict.wrong += [f"{model.name}: {difference}" for difference in found.differences]
    with engine.connect().execution_options(reads_only=True) as connection:
        reached = connection.execute(
            select(checkpoints.checkpoints).where(
                checkpoints.checkpoints.c.name.startswith("reactions_to_")
            )
        ).all()
    for name, at in reached:
        stream = name.removeprefix("reactions_to_").upper()
        end = (await jetstream.stream_info(stream)).state.last_seq
        if at > end:
            verdict.wrong.append(f"{service}: {name} is at {at}, beyond the log's end {end}")
    engine.dispose()
