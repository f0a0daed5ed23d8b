"""Pages on which a device's passkey is added, and signs in."""

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.signing.counting import counted
from services.promotion.signing.errors import (
    NotProvedError,
    TooManyError,
    TooSoonError,
    WrongError,
)
from services.promotion.signing.passkeys import (
    ANSWERED_WITHIN,
    Here,
    Passkeys,
    new_challenge,
)
from services.promotion.site.desk import ME, Desk
from services.promotion.site.filling_in import LONGEST
from services.promotion.site.member_pages import WRONG_OLD
from shared.web.answers import SaidError
from shared.web.guard import session_of
from shared.web.language import marked
from shared.web.signed_cookie import SignedCookie

PATH = "/passkey"
WITHIN_S = int(ANSWERED_WITHIN.total_seconds())
ADDED = marked("This device signs you in from now on. You are signed out everywhere else.")


class NoPasskeyError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.FORBIDDEN,
            marked("You did not come in"),
            marked(
                "Your browser showed no passkey that is known here, or it took too long. Please try"
                " once more, or sign in by your number."
            ),
        )


class TooLongAgoError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.FORBIDDEN,
            marked("Please sign in once more"),
            marked(
                "A passkey is added within five minutes of signing in. Sign out and in again, then"
                " add it."
            ),
        )


class EnoughError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.CONFLICT,
            marked("Not like this"),
            marked("You have as many passkeys as a login may have. Remove one first."),
        )


class PasskeyPages:
    """The challenge that a passkey signs lies in a cookie, for a few minutes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._passkeys = Passkeys(desk.entrance)
        self._challenge = SignedCookie(desk.frame.cookies, "tribune_challenge", WITHIN_S)

    def routes(self) -> list[Route]:
        desk, both = self._desk, ["GET", "POST"]
        own = desk.guard.requires()
        return [
            Route(PATH, desk.either(self.ask, self.come_in), methods=both),
            Route(f"{ME}/passkey", own(desk.either(self.ask_new, self.add)), methods=both),
        ]

    async def ask(self, request: Request) -> Response:
        challenge = new_challenge()
        options = self._passkeys.options(challenge, self._here(request))
        page = self._desk.form(request, "passkey.html", options=options)
        self._challenge.put(request, page, challenge)
        return page

    async def come_in(self, request: Request, fields: dict[str, str]) -> Response:
        desk = self._desk
        try:
            with counted("passkey"):
                session = await self._passkeys.come_in(
                    fields.get("credential", ""), self._asked(request), self._here(request)
                )
        except WrongError:
            raise NoPasskeyError from None
        answer = desk.lead(ME)
        self._challenge.drop(request, answer)
        return desk.come_in(request, answer, session)

    async def ask_new(self, request: Request) -> Response:
        return await self._asking(request, {}, HTTPStatus.OK)

    async def _asking(self, request: Request, errors: Mapping[str, str], status: int) -> Response:
        desk, challenge, session = self._desk, new_challenge(), session_of(request)
        options = self._passkeys.options_for_new(
            session, challenge, self._here(request), desk.frame.house.name
        )
        says_again = await desk.ways.has_passphrase(session)
        page = desk.form(
            request,
            "new-passkey.html",
            {},
            errors,
            status,
            options=options,
            has_passphrase=says_again,
        )
        self._challenge.put(request, page, challenge)
        return page

    async def add(self, request: Request, fields: dict[str, str]) -> Response:
        desk, session = self._desk, session_of(request)
        try:
            with counted("again"):
                await desk.ways.prove(
                    session, fields.get("passphrase", "")[:LONGEST], desk.visit(request)
                )
        except NotProvedError:
            raise TooLongAgoError from None
        except (WrongError, TooSoonError) as error:
            status, errors, headers = desk.refused(error, "passphrase", WRONG_OLD)
            page = await self._asking(request, errors, status)
            page.headers.update(headers)
            return page
        try:
            session = await self._passkeys.add(
                session,
                fields.get("credential", ""),
                self._asked(request),
                self._here(request),
            )
        except TooManyError:
            raise EnoughError from None
        except WrongError:
            raise NoPasskeyError from None
        answer = desk.lead_saying(request, f"{ME}/ways", ADDED)
        self._challenge.drop(request, answer)
        return desk.come_in(request, answer, session)

    def _asked(self, request: Request) -> str:
        """Raises WrongError."""
        kept = self._challenge.of(request, 1)
        if kept is None:
            raise WrongError
        return kept[0]

    def _here(self, request: Request) -> Here:
        """By the settings where they say it; browsers hold a passkey to the host anyway."""
        base = urlsplit(self._desk.frame.sites.base)
        base = base if base.netloc else urlsplit(str(request.base_url))
        return Here(base.hostname or "", f"{base.scheme}://{base.netloc}")
