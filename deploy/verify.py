"""Proves the suite right: every read model against a fresh replay, every log against itself."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Engine

from deploy.log_check import check_inbox, check_log, check_streams
from deploy.suite import SERVICES, categories, database, read_models
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.projections import checkpoints
from shared.eventsourcing.projections.projector import prepare
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
    prepare(engine, read_models(service))
    beyond = await _beyond_the_log(client, engine, service)
    verdict.wrong += beyond.values()
    sound = [model for model in read_models(service) if model.name not in beyond]
    say(f"read models of {service}: {', '.join(model.name for model in sound)}")
    for found in await compare(client, engine, sound):
        verdict.looked_at.append(f"{found.model}: {found.rows:,} rows at {found.sequence:,}")
        verdict.wrong += [f"{found.model}: {difference}" for difference in found.differences]
    engine.dispose()


async def _beyond_the_log(client: Client, engine: Engine, service: str) -> dict[str, str]:
    """Checkpoints, of read models and reactions, that are further than the log reaches."""
    streams = {model.name: model.stream for model in read_models(service)}
    with engine.connect().execution_options(reads_only=True) as connection:
        reached = checkpoints.read_all(connection)
    wrong = {}
    for name, sequence in reached.items():
        stream = streams.get(name, name.removeprefix("reactions_to_").upper())
        end = (await client.jetstream().stream_info(stream)).state.last_seq
        if sequence > end:
            wrong[name] = f"{service}: {name} is at {sequence}, but {stream} ends at {end}"
    return wrong
