"""The way to the OpenID provider and back."""

from collections.abc import Mapping
from dataclasses import astuple
from datetime import timedelta
from http import HTTPStatus
from math import ceil
from secrets import compare_digest

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.promotion.signing.counting import counted
from services.promotion.signing.errors import WrongError
from services.promotion.signing.provider import Begun, Provider
from services.promotion.signing.slowing import Slowing
from services.promotion.site.desk import Desk, NotJustNowError
from shared.eventsourcing.errors import TryLaterError
from shared.web.answers import NOT_KEPT, SaidError
from shared.web.language import marked
from shared.web.signed_cookie import SignedCookie

PATH = "/staff/provider"
WITHIN_S = 600


LONGEST_WAIT = timedelta(seconds=5)
"""Those of one network are one here: nobody among them can keep the others out for long."""


class NotKnownThereError(SaidError):
    def __init__(self, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(
            403,
            marked("You did not come in"),
            marked(
                "The provider did not say who you are, or that person does not belong to the staff"
                " of this charter, or it took too long. Please try once more."
            ),
            headers,
        )


class TooFastError(SaidError):
    def __init__(self, wait: timedelta = timedelta(0)) -> None:
        super().__init__(
            HTTPStatus.TOO_MANY_REQUESTS,
            marked("Not so fast"),
            marked("That was tried too often from your network. Please try again in a moment."),
            {"Retry-After": f"{ceil(wait.total_seconds())}"},
        )


class ProviderPages:
    def __init__(self, desk: Desk, provider: Provider) -> None:
        self._desk = desk
        self._provider = provider
        self._slowing = Slowing(longest=LONGEST_WAIT)
        self._begun = SignedCookie(desk.frame.cookies, "tribune_provider", WITHIN_S, "lax")

    def routes(self) -> list[Route]:
        return [Route(PATH, self.lead), Route(f"{PATH}/back", self.come_back)]

    async def lead(self, request: Request) -> Response:
        begun = Begun()
        try:
            there = await self._provider.address(begun, self._back(request))
        except TryLaterError:
            raise NotJustNowError from None
        answer = RedirectResponse(there, 303, NOT_KEPT)
        self._begun.put(request, answer, *astuple(begun))
        return answer

    async def come_back(self, request: Request) -> Response:
        """A page of ours leads on from here: a browser that came from elsewhere does not send the
        cookie of a session along."""
        desk, said, kept = self._desk, request.query_params, self._begun.of(request, 3)
        if kept is None or not compare_digest(kept[0].encode(), said.get("state", "").encode()):
            raise NotKnownThereError
        whence = desk.visit(request).network
        if wait := self._slowing.wait(PATH, whence, desk.guard.now()):
            raise TooFastError(wait)
        self._slowing.tried()
        try:
            with counted("provider"):
                subject = await self._provider.subject(
                    Begun(*kept), said.get("code", ""), self._back(request)
                )
                session = await desk.entrance.known_elsewhere(subject)
        except WrongError:
            raise self._refused(request) from None
        except TryLaterError:
            raise NotJustNowError from None
        self._slowing.right(PATH, whence)
        page = desk.form(request, "welcome.html")
        self._begun.drop(request, page)
        return desk.come_in(request, page, session)

    def _refused(self, request: Request) -> NotKnownThereError:
        """What was begun is over with it: nobody sends the same again and again."""
        answer = Response()
        self._begun.drop(request, answer)
        return NotKnownThereError({"Set-Cookie": answer.headers["Set-Cookie"]})

    def _back(self, request: Request) -> str:
        """The provider knows the address, and sends nobody to any other one."""
        sites = self._desk.frame.sites
        here = f"{request.url.scheme}://{request.url.netloc}{sites.root}/"
        return f"{(sites.base if '://' in sites.base else here).rstrip('/')}{PATH}/back"
