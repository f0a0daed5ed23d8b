"""Leads a member on to what is theirs at promotion, with a slip that says who they are there."""

from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.intake.belonging import Belonging
from services.intake.site.mine_page import PATH, MemberDesk
from shared.contracts.roles import MEMBER
from shared.eventsourcing.errors import TryLaterError
from shared.runtime.slips import Slips
from shared.web.answers import NOT_KEPT
from shared.web.guard import session_of
from shared.web.language import marked

LEADS_TO = ("credentials", "posts", "tracks")
NOBODY_YET = marked("Nothing that you reported carries your pseudonym, so nothing counts yet.")


@dataclass(frozen=True)
class SlipPage:
    desk: MemberDesk
    belonging: Belonging

    def routes(self) -> list[Route]:
        own = self.desk.guard.requires(MEMBER)
        return [Route(f"{PATH}/{name}", own(partial(self.lead_on, name))) for name in LEADS_TO]

    async def lead_on(self, name: str, request: Request) -> Response:
        desk, login = self.desk, session_of(request).login_id
        page = desk.frame.sites.page_of("promotion", f"/me/{name}")
        if not page:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        try:
            person = await self.belonging.person_of(login)
        except TryLaterError:
            raise desk.not_just_now from None
        if person is None:
            return desk.lead_saying(request, PATH, NOBODY_YET)
        slip = Slips(desk.frame.cookies.key).slip(login, person, desk.guard.now())
        address = f"{page}?{urlencode({'slip': slip})}"
        return RedirectResponse(address, HTTPStatus.SEE_OTHER, NOT_KEPT)
