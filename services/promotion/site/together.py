"""Puts the pages of societies together."""

from collections.abc import Awaitable, Callable, Collection
from functools import cache, partial
from typing import Any

from starlette.routing import Route

from services.promotion.projections import (
    activities,
    federations,
    societies,
    societies_found,
    society_appeals,
    society_members,
)
from services.promotion.site.societies_page import SocietiesPage
from services.promotion.site.society_desk import SocietyDesk, SocietyRows
from services.promotion.site.society_federations import FederationPages
from services.promotion.site.society_forms import SocietyForms
from services.promotion.site.society_found import FoundingPages
from services.promotion.site.society_offices import OfficePages
from services.promotion.site.society_own import OwnWordsPages
from services.promotion.site.society_page import SocietyPage
from services.promotion.site.society_stopped import StoppedPages
from services.promotion.societies.doing import Societies
from services.promotion.societies.words import SocietyWords
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.projections.read_model import Row
from shared.runtime.charter import Charter
from shared.runtime.runtime import Runtime
from shared.web.guard import Guard
from shared.web.sessions import EVER

Ask = Callable[..., Awaitable[Any]]

HELD_SHOWN, OWN_SHOWN, APPEALS_SHOWN, MEMBERS_SHOWN = 20, 50, 100, 200


def society_rows(ask: Ask) -> SocietyRows:
    """`ask` asks the database."""

    async def of_login(login_id: str) -> list[Row]:
        ids = await ask(society_members.of_login, login_id, OWN_SHOWN)
        found: list[Row] = await ask(societies.some, ids)
        return found

    async def held(society_id: str) -> list[Row]:
        found: list[Row] = await ask(activities.of_society, society_id, HELD_SHOWN)
        return found

    async def members_of(federation_id: str, state: str) -> list[Row]:
        ids = await ask(federations.societies_of, federation_id, state, MEMBERS_SHOWN)
        rows: list[Row] = await ask(societies.some, ids)
        return rows

    return SocietyRows(
        partial(ask, societies_found.found),
        of_login,
        held,
        partial(ask, society_appeals.waiting, APPEALS_SHOWN),
        partial(ask, societies.some),
        members_of,
    )


def society_pages(desk: SocietyDesk) -> list[Route]:
    """What is called by a name comes before what is called by an id."""
    pages = (
        SocietiesPage,
        FoundingPages,
        OfficePages,
        FederationPages,
        StoppedPages,
        OwnWordsPages,
        SocietyPage,
    )
    return [route for page in pages for route in page(desk).routes()]


def add_societies(
    runtime: Runtime, handler: CommandHandler, guard: Guard, words: SocietyWords
) -> None:
    given = Societies(handler, words, runtime.clock.now, closed_in(guard))
    runtime.routes += society_pages(
        society_desk(runtime.charter, partial(ask_in, runtime.engine), given, guard)
    )


def closed_in(guard: Guard) -> Callable[[str], bool]:
    over = guard.sessions.over

    def is_closed(login_id: str) -> bool:
        return over.get(login_id) == EVER

    return is_closed


def society_desk(charter: Charter, ask: Ask, given: Societies, guard: Guard) -> SocietyDesk:
    @cache
    def beside(place: str) -> Collection[str]:
        """The map is looked at once somebody asks, for to do so takes time and memory."""
        return charter.geography.beside(place) if charter.geography else ()

    return SocietyDesk(
        SocietyForms(guard),
        given,
        society_rows(ask),
        charter.places,
        charter.sectors,
        charter.smallest_figure,
        beside,
        {code: source.name for code, source in charter.sources.items()},
    )
