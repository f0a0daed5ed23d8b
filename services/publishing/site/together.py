"""Puts the pages of the newsroom together."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import Engine
from starlette.routing import Route

from services.publishing.newsroom.bulletins import Bulletins
from services.publishing.newsroom.doing import Newsroom
from services.publishing.newsroom.lines import Lines
from services.publishing.projections import cited, drafts, stories, worth
from services.publishing.site.bulletin_desk import BulletinDesk
from services.publishing.site.bulletin_forms import BulletinForms
from services.publishing.site.newsroom_forms import NewsroomForms
from services.publishing.site.newsroom_pages import NewsroomPages, NewsroomRows
from services.publishing.site.places import Register
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.projections.read_model import Row
from shared.runtime.charter import Charter
from shared.web.guard import Guard

WORTH_SHOWN, MOVED_SHOWN = 50, 50


def newsroom_routes(
    guard: Guard, newsroom: Newsroom, engine: Engine, charter: Charter
) -> list[Route]:
    ask, register = partial(ask_in, engine), Register(charter.places)

    async def of_worth(kind: str, place: str) -> list[Row]:
        within = register.within(place) if place else None
        return await ask(worth.found, worth.Sought(kind, within, WORTH_SHOWN))

    rows = NewsroomRows(
        of_worth,
        partial(ask, worth.these),
        partial(ask, drafts.newest, MOVED_SHOWN),
        partial(ask, cited.among),
        partial(ask, stories.of_words),
    )
    forms = NewsroomForms(guard)
    return NewsroomPages(forms, newsroom, rows, charter.places, newsroom.now).routes()


def bulletin_routes(
    guard: Guard, room: Bulletins | None, newsroom: Newsroom, charter: Charter
) -> list[Route]:
    """They come before those of stories, which take any word for a story's id."""

    async def titles(words: Sequence[str]) -> dict[str, str]:
        return {key: each.title for key, each in (await newsroom.words.some(words)).items()}

    lines = Lines(charter.language, charter.places, charter.sectors)
    return BulletinDesk(BulletinForms(guard), room, titles, lines, newsroom.now).routes()
