"""Puts publishing together: the gate to the PUBLIC stream, what is public as rows, the site."""

from functools import partial
from typing import Any

from services.publishing.api import Site, router, routes
from services.publishing.live import Live
from services.publishing.passages import KEY, RELAYS, TARGET, passages
from services.publishing.projections import board, overdue, qualified
from services.publishing.settings import known_release_key, release_key
from services.publishing.site import ends
from services.publishing.site.progress import Goals
from services.publishing.site.source import Source
from shared.contracts.identity import fingerprint
from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.ends import ends_at, last_message
from shared.eventsourcing.relay import Passage, Relay
from shared.runtime.loops import Loop
from shared.runtime.parts import add_passage, add_read_models
from shared.runtime.redrive import by_stream, serve_redrive
from shared.runtime.runtime import Runtime
from shared.runtime.settings import Settings

NAME = "publishing"
READ_MODELS = (board.read_model, overdue.read_model, qualified.read_model)

__all__ = ["NAME", "READ_MODELS", "RELAYS", "compose", "known_passages"]


def known_passages(settings: Settings) -> tuple[Passage, ...]:
    """For who proves what was published; none where the release key is not known."""
    key = known_release_key(settings)
    return passages(key) if key else ()


def compose(runtime: Runtime) -> None:
    engine = runtime.engine
    key = release_key(runtime.settings)
    check = partial(_check_key, runtime, fingerprint(key))
    runtime.checks.append(check)
    relays = [add_passage(runtime, passage, check) for passage in passages(key)]
    live = Live()
    runtime.loops.add(Loop("live pages", live.run))
    add_read_models(runtime, READ_MODELS, live.tell)
    serve_redrive(runtime.broker, NAME, by_stream(relays))
    _add_site(runtime, live, relays)

    def progress() -> dict[str, Any]:
        with engine.connect().execution_options(reads_only=True) as connection:
            return {
                "public": board.totals(board.all_places(connection)),
                "qualified": qualified.count(connection),
            }

    runtime.progress = progress


def _add_site(runtime: Runtime, live: Live, relays: list[Relay]) -> None:
    client = runtime.client
    known = ends.Ends(
        partial(ends_at, client, TARGET),
        [
            ends.Relay(partial(ends_at, client, relay.stream), lambda r=relay: r.position)  # type: ignore[misc]
            for relay in relays
        ],
        lambda: client.is_connected,
    )
    site = Site(
        Source(runtime.engine),
        runtime.charter,
        live,
        {track.name: track.title for track in runtime.charter.tracks},
        runtime.clock.now,
        Goals(known.goal, known.releasing),
        lambda: client.is_connected,
        runtime.frame,
    )
    runtime.loops.add(Loop("ends of the streams", known.run))
    runtime.loops.add(Loop("standing of the pages", site.watch))
    runtime.routes += routes(site)
    runtime.routers.append(router(site))


async def _check_key(runtime: Runtime, ours: str) -> None:
    """Under another key everything would be published a second time, under other ids."""
    last = await last_message(runtime.client, TARGET)
    theirs = last.headers.get(KEY, ours) if last else ours
    if theirs != ours:
        raise LogDamagedError(
            f"{TARGET} was written with another release key (its fingerprint is {theirs}, ours"
            f" {ours}). Nothing was published. Put the old key back (`secrets/release_key`"
            " in the folder of keys, or release.key in the data folder); if it is lost for good,"
            " `tribune setup --anew PUBLIC` begins a new PUBLIC, and all public ids change"
        )
