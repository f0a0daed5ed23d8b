"""The way to the OpenID provider and back."""

from dataclasses import astuple
from secrets import compare_digest

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from services.promotion.signing.counting import counted
from services.promotion.signing.errors import WrongError
from services.promotion.signing.provider import Begun, Provider
from services.promotion.site.desk import Desk, NotJustNowError
from shared.eventsourcing.errors import TryLaterError
from shared.web.answers import NOT_KEPT, SaidError
from shared.web.language import marked
from shared.web.signed_cookie import SignedCookie

PATH = "/staff/provider"
WITHIN_S = 600


class NotKnownThereError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            403,
            marked("You did not come in"),
            marked(
                "The provider did not say who you are, or that person does not belong to the staff"
                " of this charter, or it took too long. Please try once more."
            ),
        )


class ProviderPages:
    def __init__(self, desk: Desk, provider: Provider) -> None:
        self._desk = desk
        self._provider = provider
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
        said, kept = request.query_params, self._begun.of(request, 3)
        if kept is None or not compare_digest(kept[0].encode(), said.get("state", "").encode()):
            raise NotKnownThereError
        try:
            with counted("provider"):
                subject = await self._provider.subject(
                    Begun(*kept), said.get("code", ""), self._back(request)
                )
                session = await self._desk.entrance.known_elsewhere(subject)
        except WrongError:
            raise NotKnownThereError from None
        except TryLaterError:
            raise NotJustNowError from None
        page = self._desk.form(request, "welcome.html")
        self._begun.drop(request, page)
        return self._desk.come_in(request, page, session)

    def _back(self, request: Request) -> str:
        """The provider knows the address, and sends nobody to any other one."""
        sites = self._desk.frame.sites
        here = f"{request.url.scheme}://{request.url.netloc}{sites.root}/"
        return f"{(sites.base if '://' in sites.base else here).rstrip('/')}{PATH}/back"
