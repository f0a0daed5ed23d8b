"""Puts the site together: what is public as rows, and the pages. It knows nothing else."""

import json
from functools import partial
from typing import Any

from services.publishing.api import router, routes
from services.publishing.projections import (
    board,
    clocks,
    holders,
    late,
    looks,
    overdue,
    pictures,
    qualified,
    reckonings,
    requests,
)
from services.publishing.site import ends
from services.publishing.site.progress import Goals
from services.publishing.site.site import Site
from services.publishing.site.source import Source
from services.publishing.standing import SUBJECT, Standing
from shared.contracts.routing import log_of
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.objects import PUBLIC_FILES, Objects
from shared.runtime.loops import Loop
from shared.runtime.parts import add_read_models
from shared.runtime.runtime import Runtime
from shared.web.live import Live

NAME = "publishing"
READ_MODELS = (
    board.read_model,
    overdue.read_model,
    qualified.read_model,
    requests.read_model,
    reckonings.read_model,
    holders.read_model,
    clocks.read_model,
    late.read_model,
    pictures.read_model,
    looks.read_model,
)
GATE_ANSWERS_WITHIN_S = 2.0

__all__ = ["NAME", "READ_MODELS", "compose"]


def compose(runtime: Runtime) -> None:
    engine = runtime.engine
    live = Live()
    runtime.loops.add(Loop("live pages", live.run))
    add_read_models(runtime, READ_MODELS, live.tell)
    _add_site(runtime, live)

    def progress() -> dict[str, Any]:
        with engine.connect().execution_options(reads_only=True) as connection:
            return {
                "public": board.totals(board.all_places(connection)),
                "qualified": qualified.count(connection),
            }

    runtime.progress = progress


def _add_site(runtime: Runtime, live: Live) -> None:
    client = runtime.client
    known = ends.Ends(
        partial(ends_at, client, log_of("public")),
        partial(_ask_the_gate, runtime),
        lambda: client.is_connected,
    )
    site = Site(
        Source(runtime.engine),
        runtime.charter,
        live,
        {track.name: track.title for track in runtime.charter.tracks},
        runtime.clock.now,
        Goals(known.goal, known.releasing, known.hears),
        lambda: client.is_connected,
        runtime.frame,
        Objects(client, PUBLIC_FILES).get,
        runtime.settings.data_dir,
    )
    runtime.troubles.append(known.troubles)
    runtime.loops.add(Loop("ends of the streams", known.run))
    runtime.loops.add(Loop("standing of the pages", site.watch))
    runtime.routes += routes(site)
    runtime.routers.append(router(site))


async def _ask_the_gate(runtime: Runtime) -> Standing:
    """Inside streams are not ours to read."""
    answer = await runtime.client.request(SUBJECT, b"null", timeout=GATE_ANSWERS_WITHIN_S)
    return Standing.model_validate(json.loads(answer.data))
