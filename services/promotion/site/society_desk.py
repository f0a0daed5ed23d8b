"""What the pages of societies have in common: forms, one society, names of places and sectors."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.promotion.domain.society_state import Society
from services.promotion.projections.societies_found import Sought
from services.promotion.site.society_forms import SocietyForms
from services.promotion.societies.directory import Directory
from services.promotion.societies.doing import Societies
from shared.eventsourcing.projections.read_model import Row
from shared.web.ids import id_in
from shared.web.language import Marked
from shared.web.lines import plain_lines

PATH = "/societies"


@dataclass(frozen=True)
class SocietyRows:
    """Asked of the rows: societies that are sought, some by their ids, those that a login is in,
    what a society held last, which suspensions wait for a second look; and the members of a
    federation, or who asked to be one."""

    sought: Callable[[Sought], Awaitable[list[Row]]]
    of_login: Callable[[str], Awaitable[list[Row]]]
    activities: Callable[[str], Awaitable[list[Row]]]
    appeals: Callable[[], Awaitable[list[Row]]]
    some: Callable[[Collection[str]], Awaitable[list[Row]]]
    members_of: Callable[[str, str], Awaitable[list[Row]]]


@dataclass(frozen=True)
class SocietyDesk:
    """`places`, `sectors` and `sources` are names by code, `beside` tells which places lie beside
    one. No figure below the `smallest` is shown to all."""

    forms: SocietyForms
    societies: Societies
    rows: SocietyRows
    places: Mapping[str, str]
    sectors: Mapping[str, str]
    smallest: int
    beside: Callable[[str], Collection[str]]
    sources: Mapping[str, str]

    @property
    def directory(self) -> Directory:
        return Directory(self.societies, self.rows.sought)

    async def one(self, request: Request) -> tuple[str, Society]:
        """Of the address. Raises HTTPException where nobody has founded it."""
        society_id = id_in(request, "society")
        society = await self.societies.one(society_id)
        if society.life == "unknown":
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return society_id, society

    def asking(
        self,
        request: Request,
        template: str,
        fields: Mapping[str, str],
        errors: Mapping[str, Marked],
        **facts: Any,
    ) -> Response:
        given = {"places": self.places, "sectors": self.sectors} | facts
        return self.forms.asking(request, template, fields, errors, **given)

    def asking_of(
        self,
        request: Request,
        society_id: str,
        template: str,
        fields: Mapping[str, str],
        errors: Mapping[str, Marked],
        **facts: Any,
    ) -> Response:
        """A form about one that is there."""
        here = path_of(society_id)
        return self.asking(request, template, fields, errors, here=here, **facts)

    def unknown(self, chosen: Mapping[str, str], names: Mapping[str, str]) -> dict[str, Marked]:
        """By field what the charter does not have."""
        wrong = (field for field, code in chosen.items() if code and code not in names)
        return {field: self.forms.words[field] for field in wrong}

    def figure(self, given: int) -> int | None:
        return given if given >= self.smallest else None

    def registry(self, source: str) -> str:
        return self.sources.get(source, source)


def path_of(society_id: str, act: str = "") -> str:
    return f"{PATH}/{society_id}{act and '/'}{act}"


def typed_lines(fields: dict[str, str], *names: str) -> dict[str, str]:
    """Fields whose lines are as they are kept."""
    return fields | {name: plain_lines(fields[name]) for name in names if name in fields}


def named(codes: Sequence[str], names: Mapping[str, str]) -> list[str]:
    return [names.get(code, code) for code in codes]
