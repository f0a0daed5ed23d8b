"""The directory of societies: by place, sector, tag and words; and those that a member is in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.projections.societies import Sought
from services.promotion.site.society_desk import PATH, SocietyDesk, named
from services.promotion.site.society_forms import LONGEST_TAG
from services.promotion.site.society_page import LIVES
from shared.contracts.roles import MEMBER
from shared.eventsourcing.projections.read_model import Row
from shared.web.paging import paged

SHOWN = 50

Code = Annotated[str, StringConstraints(max_length=120)]


class Asked(BaseModel):
    """What stands in the address."""

    place: Code = ""
    sector: Code = ""
    tag: Annotated[str, StringConstraints(max_length=LONGEST_TAG)] = ""
    words: Annotated[str, StringConstraints(max_length=200)] = ""
    before: Annotated[int, Field(ge=0, lt=2**53)] | None = None


@dataclass(frozen=True)
class SocietiesPage:
    desk: SocietyDesk

    def routes(self) -> list[Route]:
        return [Route(PATH, self.show)]

    async def show(self, request: Request) -> Response:
        desk, asked = self.desk, _asked(request.query_params)
        among = None
        if asked.words.strip() or asked.tag.strip():
            among = await desk.societies.words.found(asked.words, asked.tag.strip())
        sought = Sought(asked.place, asked.sector, among, asked.before, SHOWN + 1)
        cut = asked.model_dump(exclude_defaults=True, exclude={"before"})
        page = paged(await desk.rows.found(sought), SHOWN, PATH, asked.before, "sequence", **cut)
        session = desk.forms.guard.who(request)
        is_member = session is not None and session.holder == MEMBER
        mine = await desk.rows.of_login(session.login_id) if session and is_member else []
        return desk.forms.form(
            request,
            "societies.html",
            cut,
            societies=await self._told(page.rows),
            mine=await self._told(mine),
            newest=page.newest,
            older=page.older,
            is_member=is_member,
            places=desk.places,
            sectors=desk.sectors,
        )

    async def _told(self, rows: Sequence[Mapping[str, Any]]) -> list[Row]:
        desk, say = self.desk, self.desk.forms.frame.language.gettext
        said = await desk.societies.said([row["words"] for row in rows])
        return [
            dict(row)
            | {
                "name": said[row["words"]].name if row["words"] in said else "",
                "tags": said[row["words"]].tags if row["words"] in said else (),
                "where": named(row["places"].split(), desk.places),
                "about": named(row["sectors"].split(), desk.sectors),
                "state": say(LIVES[row["life"]]),
                "at_least": desk.figure(row["at_least"]),
            }
            for row in rows
        ]


def _asked(query: Mapping[str, str]) -> Asked:
    """What is no such filter is none."""
    try:
        return Asked.model_validate(dict(query))
    except ValidationError:
        return Asked()
