"""The staff's page of what owners have to do: whose it is, and handing it over."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.by_staff import EDITOR
from services.intake.deciding import INSPECTOR
from services.intake.owning import Owning
from services.intake.projections.owed import Asked
from services.intake.site.owed_page import (
    ON_A_PAGE,
    Found,
    HandedOver,
    One,
    Row,
    after_in,
    after_of,
)
from services.intake.site.staff_desk import StaffDesk
from shared.web.guard import session_of
from shared.web.ids import id_in
from shared.web.language import marked

PATH = "/commitments"
LONGEST = 300


class OwnersPage:
    def __init__(
        self, desk: StaffDesk, owning: Owning, found: Found, one: One, places: Mapping[str, str]
    ) -> None:
        self._desk = desk
        self._owning = owning
        self._found = found
        self._one = one
        self._places = places

    def routes(self) -> list[Route]:
        desk, either = self._desk, (EDITOR, INSPECTOR)
        look, do = desk.guard.requires(*either, "auditor"), desk.guard.requires(*either)
        act = do(desk.either(self.ask, self.hand_over))
        one = f"{PATH}/{{check}}/hand-over"
        return [Route(PATH, look(self.show)), Route(one, act, methods=["GET", "POST"])]

    async def show(self, request: Request) -> Response:
        """Of an owner by any of its names; or what is overdue of all."""
        owner = request.query_params.get("owner", "").strip()[:LONGEST]
        names = self._owning.parties.names(owner) if owner else ()
        asked = Asked(names, after_in(request), ON_A_PAGE + 1, confidential=True)
        found = await self._found(asked)
        return self._desk.form(
            request,
            "commitments.html",
            owner=owner,
            checks=found[:ON_A_PAGE],
            older=after_of(PATH, found, ON_A_PAGE, owner=owner or None),
            places=self._places,
            now=self._owning.now(),
            may=not self._desk.guard.roles_of(session_of(request)).isdisjoint((EDITOR, INSPECTOR)),
        )

    async def ask(self, request: Request) -> Response:
        return self._asking(request, await self._check(request), {}, {}, HTTPStatus.OK)

    async def hand_over(self, request: Request, fields: dict[str, str]) -> Response:
        check, desk = await self._check(request), self._desk
        typed = desk.filled(HandedOver, fields)
        if isinstance(typed, dict):
            wrong = HTTPStatus.UNPROCESSABLE_ENTITY
            return self._asking(request, check, fields, typed, wrong)
        session = session_of(request)
        role = EDITOR if EDITOR in desk.guard.roles_of(session) else INSPECTOR
        of_it = check["check_id"], check["owner"], typed.to, typed.reason
        doing = self._owning.hand_over_by_staff(session.who, role, *of_it)
        new = await desk.done(doing)
        told = marked("It is handed over.")
        return desk.lead_saying(request, PATH, told if new else marked("It was so before."))

    async def _check(self, request: Request) -> Row:
        check = await self._one(id_in(request, "check"))
        if check is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return check

    def _asking(
        self,
        request: Request,
        check: Row,
        fields: Mapping[str, str],
        errors: Mapping[str, str],
        status: int,
    ) -> Response:
        names = [each.name for each in self._owning.parties.by_code.values()]
        facts = {"check": check, "names": names, "places": self._places}
        return self._desk.form(request, "commitment-over.html", fields, errors, status, **facts)
