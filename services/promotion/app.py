"""Puts promotion together: reactions to intake's events, read models of members, signing in."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from services.promotion.domain import act, login, session_key, society
from services.promotion.domain.member import category
from services.promotion.projections import acts, members, qualifications
from services.promotion.reactions import REACTIONS
from services.promotion.rules import tracks_of
from services.promotion.site.signing import Invite, add_signing, invite
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.projections.kept_states import KeptStates
from shared.runtime import metrics
from shared.runtime.broker import answers
from shared.runtime.front_page import add_front_page
from shared.runtime.parts import add_reaction, add_read_models
from shared.runtime.redrive import by_stream, serve_redrive
from shared.runtime.runtime import Runtime

NAME = "promotion"
BESIDE = (login.category, act.category, session_key.category, society.category)
CATEGORIES = (category(()), *BESIDE)  # whose events fold the same under any tracks
READ_MODELS = (members.read_model, qualifications.read_model, acts.read_model)

__all__ = ["CATEGORIES", "NAME", "REACTIONS", "READ_MODELS", "compose"]


def compose(runtime: Runtime) -> None:
    handler = CommandHandler(
        runtime.store,
        [category(tracks_of(runtime.charter), takes_back=runtime.charter.takes_back), *BESIDE],
        runtime.clock.now,
        KeptStates(runtime.engine),
    )
    reactors = [add_reaction(runtime, reaction, handler) for reaction in REACTIONS]
    add_read_models(runtime, READ_MODELS)
    serve_redrive(runtime.broker, NAME, by_stream(reactors))

    def progress() -> dict[str, Any]:
        with runtime.engine.connect().execution_options(reads_only=True) as connection:
            return {
                "members": members.count(connection),
                "qualified": qualifications.count_by_track(connection),
            }

    runtime.progress = progress
    metrics.looked_up["acts"] = lambda: _tell_acts(runtime.engine)
    desk = add_signing(runtime, handler)

    @answers(runtime.broker, f"cmd.{NAME}.InviteStaff", "InviteStaff", NAME)
    async def invite_staff(body: Invite) -> dict[str, Any]:
        """Somebody of the staff may choose, once, what to sign in with."""
        return await invite(desk, body)

    add_front_page(runtime, Path(__file__).parent / "site")


def _tell_acts(engine: Engine) -> None:
    """Without their database the figures are those of before."""
    with suppress(OperationalError), engine.connect() as connection:
        found = acts.count(connection.execution_options(reads_only=True))
        metrics.acts.clear()
        for (kind, state), number in found.items():
            metrics.acts.labels(kind, state).set(number)
