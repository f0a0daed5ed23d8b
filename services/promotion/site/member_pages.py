"""Pages on which members sign up and in, and everybody out."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.signing.counting import counted
from services.promotion.signing.errors import TooSoonError, WrongError
from services.promotion.signing.numbers import shown
from services.promotion.site.desk import ME, ONWARD, Desk
from services.promotion.site.filling_in import Changed, Chosen, Member
from shared.eventsourcing.errors import TryLaterError
from shared.runtime import metrics
from shared.web.guard import RENEW, SIGN_IN, session_of
from shared.web.language import Marked, marked

WRONG = marked("The number or the passphrase is wrong.")
HERE_ONLY = marked(
    "You have signed out in this browser. A copy of its cookie can be good for up to twelve hours."
)
WRONG_OLD = marked("That is not the passphrase that you have now.")
CHANGED = marked("Your passphrase is another one now, and you are signed out everywhere else.")

ROLE_NAMES = {
    "operator": marked("operator"),
    "editor": marked("editor"),
    "inspector": marked("inspector"),
    "placer": marked("placer"),
    "auditor": marked("auditor"),
}


class MemberPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        desk, both = self._desk, ["GET", "POST"]
        own = desk.guard.requires()
        return [
            Route("/sign-up", desk.either(self.ask_up, self.up), methods=both),
            Route(SIGN_IN, desk.either(self.ask_in, self.come_in), methods=both),
            Route(RENEW, desk.renew),
            Route(ME, own(self.me)),
            Route("/me/passphrase", own(desk.either(self.ask_change, self.change)), methods=both),
            Route("/sign-out", desk.either(self.nothing, self.out), methods=["POST"]),
            Route(
                "/sign-out-everywhere",
                own(desk.either(self.nothing, self.out_everywhere)),
                methods=["POST"],
            ),
        ]

    async def nothing(self, _: Request) -> Response:
        return self._desk.lead(ME)

    async def ask_up(self, request: Request) -> Response:
        return self._desk.form(request, "sign-up.html")

    async def up(self, request: Request, fields: dict[str, str]) -> Response:
        desk = self._desk
        chosen = desk.filled(Chosen, fields)
        if isinstance(chosen, dict):
            return desk.form(request, "sign-up.html", {}, chosen, HTTPStatus.UNPROCESSABLE_ENTITY)
        number, session = await desk.entrance.sign_up(chosen.fresh, desk.visit(request))
        page = desk.form(request, "number.html", number=shown(number))
        return desk.come_in(request, page, session)

    async def ask_in(self, request: Request) -> Response:
        query = request.query_params
        if self._desk.is_in_here_alone(request):
            return await self._desk.renew(request)
        fields = {name: query[name] for name in ONWARD if name in query}
        return self._desk.form(request, "sign-in.html", fields)

    async def come_in(self, request: Request, fields: dict[str, str]) -> Response:
        desk = self._desk
        typed = desk.filled(Member, fields)
        if isinstance(typed, dict):
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return desk.form(request, "sign-in.html", fields, typed, status)
        try:
            with counted("passphrase"):
                session = await desk.entrance.member(
                    typed.number, typed.passphrase, desk.visit(request)
                )
        except (WrongError, TooSoonError) as error:
            status, errors, headers = desk.refused(error, "number", WRONG)
            page = desk.form(request, "sign-in.html", fields, errors, status)
            page.headers.update(headers)
            return page
        answer = desk.welcome(fields)
        if fields.get("mine"):
            desk.remember(request, answer, desk.entrance.name_of_member(typed.number))
        return desk.come_in(request, answer, session)

    async def me(self, request: Request) -> Response:
        desk, session = self._desk, session_of(request)
        own, say = desk.guard.roles_of(session), desk.frame.language.gettext
        return desk.form(
            request,
            "me.html",
            session=session,
            roles={role: say(ROLE_NAMES[role]) for role in sorted(own & ROLE_NAMES.keys())},
            onward=desk.onward(request.query_params),
            has_credentials=desk.frame.sites.base.startswith("http"),
        )

    async def ask_change(self, request: Request) -> Response:
        return await self._changing(request, {}, HTTPStatus.OK)

    async def _changing(self, request: Request, errors: Mapping[str, str], status: int) -> Response:
        login_id = session_of(request).login_id
        passkeys = await self._desk.entrance.store.passkeys.of(login_id)
        return self._desk.form(
            request, "passphrase.html", {}, errors, status, has_passkeys=bool(passkeys)
        )

    async def change(self, request: Request, fields: dict[str, str]) -> Response:
        desk = self._desk
        typed = desk.filled(Changed, fields)
        if isinstance(typed, dict):
            return await self._changing(request, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
        try:
            with counted("again"):
                session = await desk.ways.change_passphrase(
                    session_of(request),
                    typed.old,
                    typed.fresh,
                    desk.visit(request),
                    and_passkeys=bool(fields.get("passkeys")),
                )
        except (WrongError, TooSoonError) as error:
            status, errors, headers = desk.refused(error, "old", WRONG_OLD)
            page = await self._changing(request, errors, status)
            page.headers.update(headers)
            return page
        return desk.come_in(request, desk.lead_saying(request, ME, CHANGED), session)

    async def out(self, request: Request, _: dict[str, str]) -> Response:
        """The cookie goes in any case; where the log is away, a copy may be good for longer."""
        told = marked("You have signed out.")
        if session := self._desk.guard.who(request):
            try:
                await self._desk.entrance.sign_out(session)
                metrics.sessions_ended.labels("sign-out").inc()
            except TryLaterError:
                told = HERE_ONLY
        return self._farewell(request, told)

    async def out_everywhere(self, request: Request, _: dict[str, str]) -> Response:
        await self._desk.entrance.sign_out_everywhere(session_of(request))
        return self._farewell(request, marked("You have signed out, in every browser."))

    def _farewell(self, request: Request, text: Marked) -> Response:
        return self._desk.go_out(request, self._desk.lead_saying(request, SIGN_IN, text))
