"""Verdicts on what an owner said to be done, and an appeal against them by whoever acts for it."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.owning import Owning
from services.intake.projections.checkings import Place, ToAppeal
from services.intake.site.checking_page import VERDICTS
from services.intake.site.owed_page import PATH as OWED
from services.intake.site.owed_page import OwnerDesk, Row, after_in, beyond
from shared.contracts.roles import MEMBER
from shared.contracts.values import GivenLine
from shared.web.guard import NotYoursError, session_of
from shared.web.ids import id_in
from shared.web.language import marked

PATH = f"{OWED}/verdicts"
Settled = Callable[[Collection[str], datetime, Place | None], Awaitable[ToAppeal]]
One = Callable[[str, Collection[str], datetime], Awaitable[Row | None]]


class WithWhy(BaseModel):
    reason: GivenLine


class VerdictsPage:
    """`settled` are those that may still be appealed against, a page at a time."""

    def __init__(
        self,
        desk: OwnerDesk,
        owning: Owning,
        settled: Settled,
        one: One,
        places: Mapping[str, str],
    ) -> None:
        self._desk = desk
        self._owning = owning
        self._settled = settled
        self._settled_one = one
        self._places = places

    def routes(self) -> list[Route]:
        desk, own = self._desk, self._desk.guard.requires(MEMBER)
        appeal = own(desk.either(self.ask, self.appeal))
        one = f"{PATH}/{{checking}}/appeal"
        return [Route(PATH, own(self.show)), Route(one, appeal, methods=["GET", "POST"])]

    async def show(self, request: Request) -> Response:
        after = after_in(request)
        found = await self._settled(self._names(request), self._owning.now(), after)
        facts = self._facts() | {"settled": found.rows, "further": beyond(PATH, found.onward)}
        facts["first"] = PATH if after else ""
        return self._desk.form(request, "owed-verdicts.html", **facts)

    async def ask(self, request: Request) -> Response:
        return self._asking(request, await self._one(request), {}, {}, HTTPStatus.OK)

    async def appeal(self, request: Request, fields: dict[str, str]) -> Response:
        one, desk = await self._one(request), self._desk
        typed = desk.filled(WithWhy, fields)
        if isinstance(typed, dict):
            wrong = HTTPStatus.UNPROCESSABLE_ENTITY
            return self._asking(request, one, fields, typed, wrong)
        login = session_of(request).login_id
        doing = self._owning.appeal(login, one["checking_id"], one["owner"], typed.reason)
        new = await desk.done(doing)
        told = marked("Others will look, from elsewhere.")
        return desk.lead_saying(request, PATH, told if new else marked("It was so before."))

    def _names(self, request: Request) -> Collection[str]:
        """By which those that they act for are called. Raises NotYoursError."""
        owning = self._owning
        parties = owning.for_whom(session_of(request).login_id)
        if not parties:
            raise NotYoursError
        return [name for each in parties for name in owning.parties.names(each.name)]

    async def _one(self, request: Request) -> Row:
        names, now = self._names(request), self._owning.now()
        found = await self._settled_one(id_in(request, "checking"), names, now)
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return found

    def _asking(
        self,
        request: Request,
        one: Row,
        fields: Mapping[str, str],
        errors: Mapping[str, str],
        status: int,
    ) -> Response:
        facts = self._facts() | {"one": one}
        return self._desk.form(request, "owed-appeal.html", fields, errors, status, **facts)

    def _facts(self) -> dict[str, Any]:
        say = self._desk.frame.language.gettext
        verdicts = {verdict: say(text) for verdict, text in VERDICTS.items()}
        return {"places": self._places, "verdicts": verdicts}
