"""Puts promotion together: reactions to intake's events, read models, signing in, societies,
petitions."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from services.promotion.answering import answer_about_keys, answer_about_tracks
from services.promotion.domain import (
    act,
    credential_list,
    credentials,
    home,
    issuer_key,
    login,
    petition,
    post,
    session_key,
    society,
    tracks_adopted,
)
from services.promotion.domain.member import category
from services.promotion.petitions.answering import answer_about_petitions
from services.promotion.petitions.calendar import timers as petition_timers
from services.promotion.petitions.words import PetitionWords
from services.promotion.projections import (
    activities,
    acts,
    candidacies,
    evidence,
    federations,
    homes,
    issuer_keys,
    members,
    petitions,
    posts,
    qualifications,
    societies,
    society_appeals,
    society_members,
    society_places,
    waverings,
    workdays,
)
from services.promotion.projections import credentials as credential_rows
from services.promotion.reactions import REACTIONS, REGISTERS
from services.promotion.rules import tracks_of
from services.promotion.site.credentialing import add_credentials
from services.promotion.site.petitioning import add_petitions
from services.promotion.site.posting import add_posts
from services.promotion.site.signing import Invite, add_signing, invite
from services.promotion.site.together import add_societies
from services.promotion.site.tracking import add_tracks
from services.promotion.societies.calendar import calendar
from services.promotion.societies.registering import Registering
from services.promotion.societies.words import SocietyWords
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.projections.kept_states import KeptStates
from shared.runtime import metrics
from shared.runtime.broker import answers
from shared.runtime.front_page import add_front_page
from shared.runtime.parts import add_reaction, add_read_models
from shared.runtime.redrive import by_stream, serve_redrive
from shared.runtime.runtime import Runtime
from shared.runtime.sweep_loop import add_sweep

NAME = "promotion"
SIGNING = (login.category, act.category, session_key.category)
ISSUING = (credentials.category, credential_list.category, issuer_key.category)
BESIDE = (
    *(*SIGNING, *ISSUING, society.category),
    *(petition.category, home.category, post.category, tracks_adopted.category),
)
CATEGORIES = (category(()), *BESIDE)  # whose events fold the same under any charter
READ_MODELS = (
    members.read_model,
    qualifications.read_model,
    waverings.read_model,
    acts.read_model,
    credential_rows.read_model,
    issuer_keys.read_model,
    societies.read_model,
    society_members.read_model,
    society_members.closed_logins,
    activities.read_model,
    posts.read_model,
    candidacies.read_model,
    evidence.read_model,
    society_places.read_model,
    society_appeals.read_model,
    homes.read_model,
    federations.read_model,
    petitions.read_model,
    workdays.read_model,
)

__all__ = ["CATEGORIES", "NAME", "REACTIONS", "READ_MODELS", "compose"]


def compose(runtime: Runtime) -> None:
    charter = runtime.charter
    tracks = tracks_of(charter)
    members_and_societies = (
        category(tracks, takes_back=charter.takes_back),
        society.with_figures_from(charter.smallest_figure),
        petition.with_figures_from(charter.smallest_figure),
        home.category,
    )
    handler = CommandHandler(
        runtime.store,
        [*members_and_societies, *SIGNING, *ISSUING, post.category, tracks_adopted.category],
        runtime.clock.now,
        KeptStates(runtime.engine),
    )
    desk = add_signing(runtime, handler)
    words = SocietyWords(desk.entrance.store.engine)
    registering = Registering(handler, words)
    reactors = [
        add_reaction(runtime, each, registering if each is REGISTERS else handler)
        for each in REACTIONS
    ]
    add_societies(runtime, handler, desk.guard, words)
    petitioned = PetitionWords(desk.entrance.store.engine)
    add_petitions(runtime, handler, desk.guard, petitioned, words)
    answer_about_petitions(runtime)
    posted = add_posts(runtime, handler, desk.guard)
    add_tracks(runtime, handler, posted, tracks)
    also = petition_timers(runtime.engine, petitioned)
    sweep = add_sweep(runtime, calendar(runtime.engine, words, *also), handler)
    rows = add_read_models(runtime, READ_MODELS, sweep.calendar_moved)
    sweep.hurry = rows.hurry
    serve_redrive(runtime.broker, NAME, by_stream(reactors))

    def progress() -> dict[str, Any]:
        with runtime.engine.connect().execution_options(reads_only=True) as connection:
            return {
                "members": members.count(connection),
                "qualified": qualifications.count_by_track(connection),
            }

    runtime.progress = progress
    metrics.looked_up["acts"] = lambda: _tell_acts(runtime.engine)
    answer_about_tracks(runtime, handler, tracks)
    answer_about_keys(runtime, add_credentials(runtime, handler, desk, tracks))

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
