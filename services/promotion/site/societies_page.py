"""The directory of societies: by place, sector, tag and words; and those that a member is in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.promotion.projections.societies_found import Sought
from services.promotion.site.society_desk import PATH, SocietyDesk
from services.promotion.site.society_forms import LONGEST_TAG
from services.promotion.site.society_listed import told
from services.promotion.site.society_page import STAFF
from services.promotion.societies.words import Words
from shared.contracts.roles import MEMBER
from shared.web.answers import NOT_KEPT
from shared.web.language import Language
from shared.web.paging import Paged, address, paged

AS_JSON = f"{PATH}.json"
SHOWN = 50

Code = Annotated[str, StringConstraints(max_length=120)]


class Asked(BaseModel):
    """What stands in the address."""

    place: Code = ""
    near: Literal["yes", ""] = ""
    sector: Code = ""
    tag: Annotated[str, StringConstraints(max_length=LONGEST_TAG)] = ""
    words: Annotated[str, StringConstraints(max_length=200)] = ""
    before: Annotated[int, Field(ge=0, lt=2**53)] | None = None


@dataclass(frozen=True)
class SocietiesPage:
    desk: SocietyDesk

    def routes(self) -> list[Route]:
        return [Route(PATH, self.show), Route(AS_JSON, self.as_json)]

    async def as_json(self, request: Request) -> Response:
        """The same for programs; `older` is where it goes on, if it does."""
        _, page = await self._page(request, AS_JSON)
        said = await self.desk.societies.said([row["words"] for row in page.rows])
        told = [self._plain(row, said.get(row["words"])) for row in page.rows]
        root, older = self.desk.forms.frame.sites.root, page.older
        return JSONResponse({"societies": told, "older": older and root + older}, 200, NOT_KEPT)

    def _plain(self, row: Mapping[str, Any], said: Words | None) -> dict[str, Any]:
        """`name` and `cause` are null where they were taken back."""
        language = self.desk.forms.frame.language
        return {
            "society": row["society_id"],
            "name": said.name if said else None,
            "cause": said.text if said else None,
            "tags": said.tags if said else (),
            "places": row["places"].split(),
            "sectors": row["sectors"].split(),
            "life": row["life"],
            "at_least": self.desk.figure(row["at_least"]),
            "founded_on": _founded_on(row, language),
            "registry": row["registry"] or None,
        }

    async def _page(self, request: Request, path: str) -> tuple[dict[str, str], Paged]:
        desk, asked = self.desk, _asked(request.query_params)
        is_near = asked.near and asked.place in desk.places
        around = desk.beside(asked.place) if is_near else None
        sought = Sought(
            asked.place, asked.sector, before=asked.before, limit=SHOWN + 1, around=around
        )
        cut = asked.model_dump(exclude_defaults=True, exclude={"before"})
        found = await desk.directory.found(sought, asked.words, asked.tag.strip())
        return cut, paged(found, SHOWN, path, asked.before, "sequence", **cut)

    async def show(self, request: Request) -> Response:
        desk = self.desk
        cut, page = await self._page(request, PATH)
        session = desk.forms.guard.who(request)
        is_member = session is not None and session.holder == MEMBER
        mine = await desk.rows.of_login(session.login_id) if session and is_member else []
        return desk.forms.form(
            request,
            "societies.html",
            cut,
            societies=await told(desk, page.rows),
            mine=await told(desk, mine),
            newest=page.newest,
            older=page.older,
            as_json=address(AS_JSON, **cut),
            is_member=is_member,
            is_staff=bool(session and desk.forms.guard.roles_of(session) & STAFF),
            places=desk.places,
            sectors=desk.sectors,
        )


def _founded_on(row: Mapping[str, Any], language: Language) -> str | None:
    """Of a register's it is null where that does not say it."""
    if row["registry"]:
        return row["founded_on"] or None
    return language.on_day(row["founded_at"]).isoformat()


def _asked(query: Mapping[str, str]) -> Asked:
    """What is no such filter is none."""
    try:
        return Asked.model_validate(dict(query))
    except ValidationError:
        return Asked()
