"""Puts promotion together: reactions to intake's events, and read models of members."""

from typing import Any

from services.promotion.domain.member import category
from services.promotion.domain.track import Track
from services.promotion.projections import members, qualifications
from services.promotion.reactions import FILTERS, react
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.reactor import Reactor
from shared.runtime.loops import Loop
from shared.runtime.redrive import serve_redrive
from shared.runtime.service import Runtime

NAME = "promotion"
CATEGORIES = (category(()),)  # whose events fold the same under any tracks
READ_MODELS = (members.read_model, qualifications.read_model)


def compose(runtime: Runtime) -> None:
    client, engine = runtime.client, runtime.engine
    prepare(engine, READ_MODELS)
    tracks = [Track(**track.model_dump()) for track in runtime.charter.tracks]
    handler = CommandHandler(runtime.store, [category(tracks)], runtime.clock.now)
    reactor = Reactor(client, engine, NAME, "INTAKE", handler, react, FILTERS)
    runtime.loops.add(
        Loop("reactions to INTAKE", reactor.run, "INTAKE", lambda: reactor.position, filtered=True)
    )
    projector = Projector(engine, READ_MODELS)
    runtime.loops.add(
        Loop(
            "projections",
            lambda: projector.run(client, "promotion-projections"),
            "PROMOTION",
            lambda: projector.position,
        )
    )
    serve_redrive(runtime.broker, NAME, {"INTAKE": reactor.redrive})

    def progress() -> dict[str, Any]:
        with engine.connect().execution_options(reads_only=True) as connection:
            return {
                "members": members.count(connection),
                "qualified": qualifications.count_by_track(connection),
            }

    runtime.progress = progress
