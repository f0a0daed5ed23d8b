"""Puts publishing together: the gate to the PUBLIC stream, what is public as rows, the site."""

from typing import Any

from services.publishing.api import routes
from services.publishing.domain.release import CATEGORIES
from services.publishing.live import Live
from services.publishing.projections import board, overdue, qualified
from services.publishing.reactions import FILTERS, reactions
from services.publishing.settings import release_key
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.reactor import Reactor
from shared.runtime.loops import Loop
from shared.runtime.redrive import serve_redrive
from shared.runtime.service import Runtime

NAME = "publishing"
READ_MODELS = (board.read_model, overdue.read_model, qualified.read_model)


def compose(runtime: Runtime) -> None:
    client, engine = runtime.client, runtime.engine
    prepare(engine, READ_MODELS)
    handler = CommandHandler(runtime.store, CATEGORIES, runtime.clock.now)
    react = reactions(release_key(runtime.settings))
    reactors = {
        stream: Reactor(client, engine, NAME, stream, handler, react, filters)
        for stream, filters in FILTERS.items()
    }
    for stream, reactor in reactors.items():
        runtime.loops.add(
            Loop(
                f"reactions to {stream}",
                reactor.run,
                stream,
                lambda r=reactor: r.position,  # type: ignore[misc]
                filtered=bool(FILTERS[stream]),
            )
        )
    live = Live()
    runtime.loops.add(Loop("live pages", live.run))
    projector = Projector(engine, READ_MODELS)
    runtime.loops.add(
        Loop(
            "projections",
            lambda: projector.run(client, "publishing-projections", live.tell),
            "PUBLIC",
            lambda: projector.position,
        )
    )
    serve_redrive(
        runtime.broker, NAME, {stream: reactor.redrive for stream, reactor in reactors.items()}
    )
    tracks = {track.name: track.title for track in runtime.charter.tracks}
    runtime.routes += routes(engine, runtime.charter, live, tracks, runtime.clock.now)

    def progress() -> dict[str, Any]:
        with engine.connect().execution_options(reads_only=True) as connection:
            return {
                "public": board.totals(board.all_places(connection)),
                "qualified": qualified.count(connection),
            }

    runtime.progress = progress
