"""What the pages of petitions have in common: one petition, forms, and what is told of them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.promotion.domain.petition_state import Petition
from services.promotion.petitions.doing import Petitions
from services.promotion.site.petition_forms import PetitionForms
from shared.eventsourcing.projections.read_model import Row
from shared.web.ids import id_in
from shared.web.language import Marked, marked

PATH = "/petitions"
STATES: dict[str, Marked] = {
    "open": marked("looks for supporters"),
    "reached": marked("an answer is owed"),
    "answered": marked("answered"),
    "lapsed": marked("its term ended without enough supporters"),
}


@dataclass(frozen=True)
class PetitionDesk:
    """`places` and `sectors` are names by code; no figure below the `smallest` is shown. `newest`
    are rows older than a sequence, `of_login` the societies that somebody is in, by name."""

    forms: PetitionForms
    petitions: Petitions
    newest: Callable[[int | None, int], Awaitable[list[Row]]]
    of_login: Callable[[str], Awaitable[Mapping[str, str]]]
    places: Mapping[str, str]
    sectors: Mapping[str, str]
    smallest: int

    async def one(self, request: Request) -> tuple[str, Petition]:
        """Of the address. Raises HTTPException where nobody has started it."""
        petition_id = id_in(request, "petition")
        petition = await self.petitions.one(petition_id)
        if petition.life == "unknown":
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return petition_id, petition

    def asking(
        self,
        request: Request,
        template: str,
        fields: Mapping[str, str],
        errors: Mapping[str, Marked],
        **facts: Any,
    ) -> Response:
        given = {"places": self.open_places(), "sectors": self.sectors} | facts
        return self.forms.asking(request, template, fields, errors, **given)

    def open_places(self) -> dict[str, str]:
        """Those that have petitions."""
        terms = self.petitions.terms
        return {each: name for each, name in self.places.items() if terms.needed_at(each)}

    async def told(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """`name` is empty where the words were taken back, or hidden."""
        said = await self.petitions.said([row["words"] for row in rows if not row["hidden"]])
        return [
            {
                "petition": row["petition_id"],
                "name": said[row["words"]].title if row["words"] in said else "",
                "place": row["place"],
                "sector": row["sector"],
                "state": row["state"],
                "needs": row["needs"],
                "at_least": self.figure(row["at_least"]),
                "until": row["until"],
                "due_at": row["due_at"],
            }
            for row in rows
        ]

    def figure(self, given: int) -> int | None:
        return given if given >= self.smallest else None


def state_of(petition: Petition) -> str:
    return "reached" if petition.life == "open" and petition.reached else petition.life


def path_of(petition_id: str, act: str = "") -> str:
    return f"{PATH}/{petition_id}{act and '/'}{act}"
