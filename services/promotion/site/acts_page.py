"""Privileged acts: operators ask for them and allow them, auditors look at them."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from re import fullmatch
from typing import Any, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.domain.act import (
    AboutThemselvesError,
    NoActError,
    SamePersonError,
    SettledError,
)
from services.promotion.signing.acts import OFFERED
from services.promotion.signing.errors import NobodyError
from services.promotion.site.desk import Desk
from services.promotion.site.filling_in import Asked, Declined
from shared.contracts.act import ActKind
from shared.eventsourcing.errors import DomainError
from shared.web.answers import SaidError
from shared.web.guard import session_of
from shared.web.language import Marked, marked

PATH = "/acts"
SHOWN = 100
KINDS: dict[ActKind, Marked] = {
    "close-login": marked("Close a login for ever"),
    "sign-out": marked("Sign somebody out everywhere"),
    "invite": marked("Invite somebody of the staff"),
    "invite-again": marked("Invite somebody of the staff once more"),
}
STATES = {
    "waits": marked("waits for a second person"),
    "allowed": marked("allowed"),
    "declined": marked("declined"),
}
NOBODY = marked("Nobody signs in by this number or name.")
WHY_NOT: dict[type[DomainError], Marked] = {
    SamePersonError: marked("You said yes to it already, so somebody else has to allow it."),
    AboutThemselvesError: marked("It is about yourself, so somebody else has to allow it."),
    SettledError: marked("Somebody was faster: it is settled already."),
    NoActError: marked("There is no such act."),
}
Row = Mapping[str, Any]
T = TypeVar("T")


class ActsPage:
    """`newest` gives the acts that were asked for last."""

    def __init__(self, desk: Desk, newest: Callable[[int], Awaitable[list[Row]]]) -> None:
        self._desk = desk
        self._newest = newest

    def routes(self) -> list[Route]:
        desk = self._desk
        look = desk.guard.requires("operator", "auditor")
        do = desk.guard.requires("operator")
        return [
            Route(PATH, look(self.show)),
            Route(f"{PATH}/ask", do(desk.either(self.ask, self.propose)), methods=["GET", "POST"]),
            Route(
                f"{PATH}/{{act}}/allow", do(desk.either(self.back, self.allow)), methods=["POST"]
            ),
            Route(
                f"{PATH}/{{act}}/decline",
                do(desk.either(self.ask_why, self.decline)),
                methods=["GET", "POST"],
            ),
        ]

    async def show(self, request: Request) -> Response:
        desk, session = self._desk, session_of(request)
        language = desk.frame.language
        return desk.form(
            request,
            "acts.html",
            acts=await self._newest(SHOWN),
            names=await desk.acts.names_of_staff(),
            kinds={kind: language.gettext(text) for kind, text in KINDS.items()},
            states={state: language.gettext(text) for state, text in STATES.items()},
            me=session.login_id,
            is_operator="operator" in desk.guard.roles_of(session),
        )

    async def back(self, _: Request) -> Response:
        return self._desk.lead(PATH)

    async def ask(self, request: Request) -> Response:
        return self._asking(request, {}, {})

    async def propose(self, request: Request, fields: dict[str, str]) -> Response:
        desk = self._desk
        typed = desk.filled(Asked, fields)
        if isinstance(typed, dict):
            return self._asking(request, fields, typed)
        kind = next(each for each in OFFERED if each == typed.kind)
        try:
            waits = await desk.acts.propose(session_of(request), kind, typed.whom, typed.reason)
        except NobodyError:
            return self._asking(request, fields, {"whom": NOBODY})
        told = marked("It waits for a second person.") if waits else marked("It is done.")
        return self._desk.lead_saying(request, PATH, told)

    async def allow(self, request: Request, _: dict[str, str]) -> Response:
        is_done = await self._settle(self._desk.acts.allow(session_of(request), _act(request)))
        told = marked("It is done.") if is_done else marked("It waits for one more person.")
        return self._desk.lead_saying(request, PATH, told)

    async def ask_why(self, request: Request) -> Response:
        return self._why(request, {}, {})

    async def decline(self, request: Request, fields: dict[str, str]) -> Response:
        typed = self._desk.filled(Declined, fields)
        if isinstance(typed, dict):
            return self._why(request, fields, typed)
        act, session = _act(request), session_of(request)
        await self._settle(self._desk.acts.decline(session, act, typed.reason))
        return self._desk.lead_saying(request, PATH, marked("It is declined."))

    async def _settle(self, settling: Awaitable[T]) -> T:
        try:
            return await settling
        except DomainError as error:
            why = WHY_NOT.get(type(error), STATES["declined"])
            raise SaidError(HTTPStatus.CONFLICT, marked("Not like this"), why) from None

    def _asking(
        self, request: Request, fields: Mapping[str, str], errors: Mapping[str, str]
    ) -> Response:
        say = self._desk.frame.language.gettext
        offered: dict[str, str] = {"": "", **{kind: say(KINDS[kind]) for kind in OFFERED}}
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        return self._desk.form(request, "ask.html", fields, errors, status, offered=offered)

    def _why(
        self, request: Request, fields: Mapping[str, str], errors: Mapping[str, str]
    ) -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        act = _act(request)
        return self._desk.form(request, "decline.html", fields, errors, status, act=act)


def _act(request: Request) -> str:
    """What is no id at all is asked of no log."""
    act: str = request.path_params["act"]
    if not fullmatch("[0-9a-f]{32}", act):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return act
