"""Puts the site together: what is public as rows, the pages, and the newsroom."""

import asyncio
import json
from collections.abc import Collection
from functools import partial
from typing import Any

from services.publishing.answering import answer_about_questions, answer_about_stories
from services.publishing.api import router, routes
from services.publishing.domain import bulletin, question, story
from services.publishing.newsroom.asking import AskingGuard, read
from services.publishing.newsroom.bulletin_days import timers
from services.publishing.newsroom.bulletins import Bulletins
from services.publishing.newsroom.calendar import calendar, erasing
from services.publishing.newsroom.closed_logins import closing
from services.publishing.newsroom.doing import Newsroom
from services.publishing.newsroom.gone_words import going
from services.publishing.newsroom.lines import Lines
from services.publishing.newsroom.material import Gathering
from services.publishing.newsroom.question_words import QuestionWords
from services.publishing.newsroom.questioning import Questions
from services.publishing.newsroom.words import StoryWords
from services.publishing.projections import (
    board,
    cited,
    clocks,
    drafts,
    holders,
    issues,
    late,
    looks,
    overdue,
    pictures,
    qualified,
    question_voices,
    questions,
    questions_desk,
    reckonings,
    requests,
    stories,
    worth,
)
from services.publishing.projections import bulletins as issued
from services.publishing.site import ends
from services.publishing.site.asking_together import question_routes
from services.publishing.site.progress import Goals
from services.publishing.site.site import Site
from services.publishing.site.source import Source
from services.publishing.site.together import bulletin_routes, newsroom_routes
from services.publishing.standing import SUBJECT, Standing
from services.publishing.visitor import CLOSED, Codes, Shown, Visitor
from services.publishing.visitor import SUBJECT as WHO
from shared.contracts.routing import log_of
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.objects import PUBLIC_FILES, Objects
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.projections.kept_states import KeptStates
from shared.eventsourcing.projections.projector import Listener
from shared.runtime.beside import open_store
from shared.runtime.loops import Loop
from shared.runtime.parts import add_read_models
from shared.runtime.runtime import Runtime
from shared.runtime.sweep_loop import add_sweep
from shared.web.live import Live
from shared.web.sessions import Sessions

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
    worth.read_model,
    stories.read_model,
    cited.read_model,
    drafts.read_model,
    questions.read_model,
    questions_desk.read_model,
    question_voices.read_model,
    issues.read_model,
    issued.read_model,
)
CATEGORIES = (story.category, bulletin.category, question.category)
GATE_ANSWERS_WITHIN_S = 2.0

__all__ = ["CATEGORIES", "NAME", "READ_MODELS", "compose"]


def compose(runtime: Runtime) -> None:
    engine = runtime.engine
    live = Live()
    runtime.loops.add(Loop("live pages", live.run))
    beside = open_store(runtime.settings.secrets_database(runtime.name))
    words, asked = StoryWords(beside), QuestionWords(beside)
    moved = _add_newsroom(runtime, words, asked, live)
    add_read_models(runtime, READ_MODELS, moved)
    _add_site(runtime, live, words, asked)
    answer_about_stories(runtime, words)
    answer_about_questions(runtime, asked)

    def progress() -> dict[str, Any]:
        with engine.connect().execution_options(reads_only=True) as connection:
            return {
                "public": board.totals(board.all_places(connection)),
                "qualified": qualified.count(connection),
            }

    runtime.progress = progress


def _add_site(runtime: Runtime, live: Live, words: StoryWords, asked: QuestionWords) -> None:
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
        told=words.told,
        said=asked.told,
    )
    runtime.troubles.append(known.troubles)
    runtime.loops.add(Loop("ends of the streams", known.run))
    runtime.loops.add(Loop("standing of the pages", site.watch))
    runtime.routes += routes(site)
    runtime.routers.append(router(site))


def _add_newsroom(
    runtime: Runtime, words: StoryWords, asked: QuestionWords, live: Live
) -> Listener:
    """Gives what is to be told when rows have moved."""
    engine, charter, now = runtime.engine, runtime.charter, runtime.clock.now
    categories = (
        story.category,
        bulletin.category,
        question.with_figures_from(charter.smallest_figure),
    )
    handler = CommandHandler(runtime.store, categories, now, KeptStates(engine))
    room = _bulletins(runtime, handler)
    days = timers(engine, charter.bulletins, charter.language.zone)
    sweep = add_sweep(runtime, calendar(engine, *([days] if room else [])), handler)
    moved = asyncio.Event()
    called = asyncio.Event()
    if room:
        runtime.loops.add(Loop("bulletins that are due", room.composing(called)))
    runtime.loops.add(Loop("words of withdrawn stories", erasing(engine, words, moved)))
    gone = asyncio.Event()
    runtime.loops.add(Loop("words of questions", going(engine, asked, gone, live.stir)))
    closed = closing(asked, partial(_ask_closed, runtime), live.stir)
    runtime.loops.add(Loop("words of closed logins", closed))
    roles = {code: frozenset[str](each.roles) for code, each in charter.staff.person.items()}
    guard = AskingGuard(runtime.frame, Sessions(), roles, asks=partial(_ask_who, runtime))
    asking = Questions(handler, runtime.store, asked, charter.questions, now)
    runtime.routes += question_routes(guard, asking, engine, charter)
    newsroom = Newsroom(handler, runtime.store, words, now)
    runtime.routes += bulletin_routes(guard, room, newsroom, charter)
    runtime.routes += newsroom_routes(guard, newsroom, engine, charter)

    def tell(position: int) -> None:
        live.tell(position)
        sweep.calendar_moved(position)
        moved.set()
        gone.set()
        called.set()

    return tell


def _bulletins(runtime: Runtime, handler: CommandHandler) -> Bulletins | None:
    """None where the charter says nothing of them."""
    charter, engine = runtime.charter, runtime.engine
    if (terms := charter.bulletins.terms) is None:
        return None
    lines = Lines(charter.language, charter.places, charter.sectors)
    ask, gathering = partial(ask_in, engine), Gathering(lines, terms)
    items, now = charter.bulletins.items, runtime.clock.now
    return Bulletins(handler, runtime.store, ask, gathering, items, now)


async def _ask_who(runtime: Runtime, token: str) -> Visitor | None:
    """No log of logins is ours to read."""
    asked = Shown(token=token).model_dump_json().encode()
    answer = await runtime.client.request(WHO, asked, timeout=GATE_ANSWERS_WITHIN_S)
    return read(answer.data)


async def _ask_closed(runtime: Runtime, codes: Collection[str]) -> Collection[str]:
    asked = Codes(codes=frozenset(codes)).model_dump_json().encode()
    answer = await runtime.client.request(CLOSED, asked, timeout=GATE_ANSWERS_WITHIN_S)
    closed: list[str] = json.loads(answer.data)
    return closed


async def _ask_the_gate(runtime: Runtime) -> Standing:
    """Inside streams are not ours to read."""
    answer = await runtime.client.request(SUBJECT, b"null", timeout=GATE_ANSWERS_WITHIN_S)
    return Standing.model_validate(json.loads(answer.data))
