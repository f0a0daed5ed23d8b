"""Leads a member on to their credentials at promotion, with a slip that says who they are there."""

from dataclasses import dataclass
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

NOBODY_YET = marked("Nothing that you reported carries your pseudonym, so nothing counts yet.")


@dataclass(frozen=True)
class SlipPage:
    desk: MemberDesk
    belonging: Belonging

    def routes(self) -> list[Route]:
        return [Route(f"{PATH}/credentials", self.desk.guard.requires(MEMBER)(self.lead_on))]

    async def lead_on(self, request: Request) -> Response:
        desk, login = self.desk, session_of(request).login_id
        page = desk.frame.sites.page_of("promotion", "/me/credentials")
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
