"""What somebody signs in with: their passkeys, and recovery codes for the staff."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.signing.counting import counted
from services.promotion.signing.errors import (
    LastWayError,
    NobodyError,
    TooSoonError,
    WrongError,
)
from services.promotion.signing.passkey_store import Passkey
from services.promotion.signing.passkeys import Passkeys
from services.promotion.signing.recovery import renew_codes
from services.promotion.site.desk import ME, Desk
from services.promotion.site.filling_in import Again, Called
from services.promotion.site.member_pages import WRONG_OLD
from shared.contracts.roles import ROLES
from shared.web.answers import SaidError
from shared.web.guard import session_of
from shared.web.language import marked

WAYS = f"{ME}/ways"
GONE = marked("It signs nobody in any more. You are signed out everywhere else.")
CALLED = marked("It has its name.")


class NotThereError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.NOT_FOUND,
            marked("Not found"),
            marked("You have no such passkey; it may be removed already."),
        )


class LastError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.CONFLICT,
            marked("Not like this"),
            marked("It is the last thing that you sign in with, so it has to stay."),
        )


class WaysPages:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._passkeys = Passkeys(desk.entrance)

    def routes(self) -> list[Route]:
        desk, both = self._desk, ["GET", "POST"]
        own, of_staff = desk.guard.requires(), desk.guard.requires(*ROLES)
        one = f"{ME}/passkeys/{{passkey}}"
        return [
            Route(WAYS, own(self.show)),
            Route(f"{one}/name", own(desk.either(self.ask_name, self.name)), methods=both),
            Route(f"{one}/remove", own(desk.either(self.ask_remove, self.remove)), methods=both),
            Route(
                f"{ME}/recovery", of_staff(desk.either(self.ask_codes, self.renew)), methods=both
            ),
        ]

    async def show(self, request: Request) -> Response:
        desk, session = self._desk, session_of(request)
        store = desk.entrance.store
        kept = await store.of(session.login_id)
        return desk.form(
            request,
            "ways.html",
            passkeys=await self._passkeys.of(session),
            has_passphrase=bool(kept and kept.passphrase),
            has_code=bool(kept and kept.seed),
            left=await store.recovery_left(session.login_id),
        )

    async def ask_name(self, request: Request) -> Response:
        passkey = await self._own(request)
        fields = {"called": passkey.called}
        return self._desk.form(request, "passkey-name.html", fields, passkey=passkey)

    async def name(self, request: Request, fields: dict[str, str]) -> Response:
        desk, passkey = self._desk, await self._own(request)
        typed = desk.filled(Called, fields)
        if isinstance(typed, dict):
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return desk.form(request, "passkey-name.html", fields, typed, status, passkey=passkey)
        await self._passkeys.call(session_of(request), passkey.name, typed.called)
        return desk.lead_saying(request, WAYS, CALLED)

    async def ask_remove(self, request: Request) -> Response:
        return self._desk.form(request, "passkey-remove.html", passkey=await self._own(request))

    async def remove(self, request: Request, _: dict[str, str]) -> Response:
        name = request.path_params["passkey"]
        try:
            session = await self._passkeys.remove(session_of(request), name)
        except NobodyError:
            raise NotThereError from None
        except LastWayError:
            raise LastError from None
        desk = self._desk
        return desk.come_in(request, desk.lead_saying(request, WAYS, GONE), session)

    async def ask_codes(self, request: Request) -> Response:
        return self._desk.form(request, "new-recovery.html")

    async def renew(self, request: Request, fields: dict[str, str]) -> Response:
        desk = self._desk
        typed = desk.filled(Again, fields)
        if isinstance(typed, dict):
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return desk.form(request, "new-recovery.html", {}, typed, status)
        try:
            with counted("again"):
                session, codes = await renew_codes(
                    desk.entrance, session_of(request), typed.passphrase, desk.visit(request)
                )
        except (WrongError, TooSoonError) as error:
            code, errors, headers = desk.refused(error, "passphrase", WRONG_OLD)
            page = desk.form(request, "new-recovery.html", {}, errors, code)
            page.headers.update(headers)
            return page
        page = desk.form(request, "recovery.html", codes=codes)
        return desk.come_in(request, page, session)

    async def _own(self, request: Request) -> Passkey:
        try:
            return await self._passkeys.own(session_of(request), request.path_params["passkey"])
        except NobodyError:
            raise NotThereError from None
