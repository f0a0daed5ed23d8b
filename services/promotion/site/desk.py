"""What the pages of signing in have in common: forms, sessions, words for who stays outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from math import ceil
from secrets import token_hex
from typing import ClassVar
from urllib.parse import urlencode

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.promotion.signing.acts import Acts
from services.promotion.signing.entrance import Entrance
from services.promotion.signing.errors import TooSoonError, WrongError
from services.promotion.signing.invitations import Invitations
from services.promotion.signing.visit import Visit, network_of_request
from services.promotion.signing.ways import Ways
from services.promotion.site.filling_in import WORDS
from shared.runtime.form_pages import FormPages
from shared.web.addresses import Addresses
from shared.web.answers import NOT_KEPT, SOON, SaidError
from shared.web.forms import local
from shared.web.guard import SIGN_IN
from shared.web.language import Marked, marked
from shared.web.session_signer import SessionSigner
from shared.web.sessions import Session, renewed
from shared.web.signed_cookie import SignedCookie

BROWSER, BROWSER_LASTS_S = "tribune_browser", 30 * 24 * 60 * 60
ME = "/me"
ONWARD = ("back", "of")
"""Fields that say where somebody was before they had to sign in."""


class NotJustNowError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.SERVICE_UNAVAILABLE,
            marked("Not just now"),
            marked("Nobody can sign in at this moment. Please try again shortly."),
            SOON,
        )


class NotBelievedError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.SERVICE_UNAVAILABLE,
            marked("Not let in there"),
            marked(
                "You have signed in, but the page that you came from does not believe it: the clock"
                " of its service may be wrong, or it has just begun. Please try again in a minute;"
                " if it stays so, tell whoever looks after this instance."
            ),
            SOON,
        )


class NotPossibleError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.CONFLICT,
            marked("Not like this"),
            marked("That is not possible with this login, which may be closed."),
        )


@dataclass(frozen=True)
class Desk(FormPages):
    words: ClassVar[Mapping[str, Marked]] = WORDS
    not_just_now: ClassVar[type[SaidError]] = NotJustNowError
    not_possible: ClassVar[type[SaidError]] = NotPossibleError

    signer: SessionSigner
    entrance: Entrance
    invitations: Invitations
    acts: Acts
    addresses: Addresses = field(default_factory=Addresses)

    @property
    def ways(self) -> Ways:
        return Ways(self.entrance)

    def refused(
        self, error: Exception, field: str, wrong: Marked
    ) -> tuple[HTTPStatus, dict[str, str], dict[str, str]]:
        """Status, errors and headers for who does not come in."""
        match error:
            case TooSoonError(wait=wait):
                seconds = ceil(wait.total_seconds())
                words = self.frame.language.ngettext(
                    "That was wrong too often. Please wait %(num)s second, then try again.",
                    "That was wrong too often. Please wait %(num)s seconds, then try again.",
                    seconds,
                )
                return HTTPStatus.TOO_MANY_REQUESTS, {field: words}, {"Retry-After": f"{seconds}"}
            case WrongError():
                return HTTPStatus.FORBIDDEN, {field: wrong}, {}
            case _:
                raise error

    @property
    def _own_browser(self) -> SignedCookie:
        return SignedCookie(self.frame.cookies, BROWSER, BROWSER_LASTS_S)

    def visit(self, request: Request) -> Visit:
        known = self._own_browser.of(request, 2) or ["", ""]
        return Visit(network_of_request(request, self.addresses), *known)

    def remember(self, request: Request, response: Response, name: str) -> None:
        """This browser is its owner's: what others try does not delay them here."""
        self._own_browser.put(request, response, name, token_hex(8))

    def come_in(self, request: Request, response: Response, session: Session) -> Response:
        self.guard.cookie.give(request, response, self.signer.token(session))
        return response

    def go_out(self, request: Request, response: Response) -> Response:
        self.guard.cookie.take_away(request, response)
        return response

    def onward(self, fields: Mapping[str, str]) -> str:
        """Where somebody was before they had to sign in: a page of ours, at one of our services."""
        back, of = local(fields.get("back", ""), ""), fields.get("of", "")
        sites = self.frame.sites
        return sites.page_of(of, back) if back and of in sites.addresses else ""

    def welcome(self, fields: Mapping[str, str]) -> Response:
        """A form may lead to another page of this site only; from that a link leads on."""
        if not self.onward(fields):
            return self.lead(ME)
        if fields.get("of") == self.frame.service:
            return self.lead(fields["back"])
        return self.lead(f"{ME}?{urlencode({'back': fields['back'], 'of': fields['of']})}")

    def is_in_here_alone(self, request: Request) -> bool:
        """Another service has sent them to sign in, who have done so: it gets a fresh session once.
        Raises NotBelievedError where that did not help."""
        session, of = self.guard.who(request), request.query_params.get("of", "")
        if session is None or of == self.frame.service or not self.onward(request.query_params):
            return False
        if not self.guard.roles_of(session):
            return False
        if self.guard.was_renewed(request):
            structlog.get_logger().warning(
                "a service does not believe who has signed in",
                service=of,
                hint="its clock or ours may be wrong, or it runs with another charter: /readyz",
            )
            raise NotBelievedError
        return True

    async def renew(self, request: Request) -> Response:
        """On the way from a page of another service, and back to it."""
        there = self.onward(request.query_params)
        session = self.guard.who(request)
        if session is None or not there or not self.guard.roles_of(session):
            return self.lead(SIGN_IN)
        answer = RedirectResponse(there, HTTPStatus.SEE_OTHER, NOT_KEPT)
        self.guard.renewed(request, answer)
        return self.come_in(request, answer, renewed(session, self.guard.now()))
