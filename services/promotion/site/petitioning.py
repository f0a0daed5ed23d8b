"""Puts the pages of petitions together."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from starlette.routing import Route

from services.promotion.domain.society_state import Society
from services.promotion.petitions.doing import Petitions
from services.promotion.petitions.words import PetitionWords
from services.promotion.projections import homes, petitions, societies, society_members
from services.promotion.projections.homes import Dwelling
from services.promotion.site.petition_desk import PetitionDesk
from services.promotion.site.petition_forms import PetitionForms
from services.promotion.site.petition_page import PetitionPage
from services.promotion.site.petitions_page import PetitionsPage
from services.promotion.societies.doing import Societies
from services.promotion.societies.words import SocietyWords
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.projections.read_model import Row
from shared.runtime.charter_petitions import PetitionsTold
from shared.runtime.runtime import Runtime
from shared.web.guard import Guard
from shared.web.sessions import EVER

OWN_SHOWN = 50


def petition_desk(
    guard: Guard,
    handler: CommandHandler,
    words: PetitionWords,
    terms: PetitionsTold,
    societies_: Societies,
    ask: Callable[..., Awaitable[Any]],
    codes: tuple[Mapping[str, str], Mapping[str, str]],
    smallest: int,
) -> PetitionDesk:
    """`ask` asks the database; `codes` are names of places and sectors."""

    async def lives(login_id: str) -> Dwelling | None:
        found: Dwelling | None = await ask(homes.of_login, login_id)
        return found

    async def society(society_id: str) -> Society:
        return await societies_.one(society_id)

    async def newest(before: int | None, limit: int) -> list[Row]:
        found: list[Row] = await ask(petitions.newest, before, limit)
        return found

    async def of_login(login_id: str) -> dict[str, str]:
        ids = await ask(society_members.of_login, login_id, OWN_SHOWN)
        rows: list[Row] = await ask(societies.some, ids)
        said = await societies_.said([row["words"] for row in rows])
        return {row["society_id"]: said[row["words"]].name for row in rows if row["words"] in said}

    doing = Petitions(handler, words, terms, societies_.now, societies_.is_closed, lives, society)
    return PetitionDesk(PetitionForms(guard), doing, newest, of_login, *codes, smallest)


def petition_pages(desk: PetitionDesk) -> list[Route]:
    """What is called by a name comes before what is called by an id."""
    return [*PetitionsPage(desk).routes(), *PetitionPage(desk).routes()]


def add_petitions(
    runtime: Runtime,
    handler: CommandHandler,
    guard: Guard,
    words: PetitionWords,
    society_words: SocietyWords,
) -> None:
    charter, over = runtime.charter, guard.sessions.over

    def is_closed(login_id: str) -> bool:
        return over.get(login_id) == EVER

    runtime.routes += petition_pages(
        petition_desk(
            guard,
            handler,
            words,
            charter.petitions,
            Societies(handler, society_words, runtime.clock.now, is_closed),
            partial(ask_in, runtime.engine),
            (charter.places, charter.sectors),
            charter.smallest_figure,
        )
    )
