"""Who may open a page: whoever has one of its roles, which a session and the charter tell."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from shared.contracts.roles import MEMBER
from shared.web.answers import NOT_KEPT, SaidError
from shared.web.frame import Frame
from shared.web.language import marked
from shared.web.now import Now, utc_now
from shared.web.programs import for_programs
from shared.web.session_cookie import SessionCookie
from shared.web.sessions import Session, Sessions

Endpoint = Callable[[Request], Awaitable[Response]]
SIGN_IN, STAFF_SIGN_IN, RENEW = "/sign-in", "/staff/sign-in", "/renew"
RENEWED, RENEWED_LASTS_S = "tribune_renewed", 60
SIGNS_IN = "promotion"
"""The service at which people sign in."""


class NotSignedInError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.UNAUTHORIZED,
            marked("Please sign in"),
            marked("This page is for those who have signed in."),
        )


class NotYoursError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.FORBIDDEN,
            marked("Not for you"),
            marked("You have signed in, but your role does not open this page."),
        )


@dataclass(frozen=True)
class Guard:
    """`roles` are those of the staff by their codes, as the charter has them: what it takes from
    somebody is gone, whatever they have signed in with."""

    frame: Frame
    sessions: Sessions
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)
    now: Now = utc_now

    @property
    def cookie(self) -> SessionCookie:
        return SessionCookie(self.frame.cookies)

    def who(self, request: Request) -> Session | None:
        """The session of whoever asks, if there is one."""
        return self.sessions.read(self.cookie.of(request), self.now())

    def roles_of(self, session: Session) -> frozenset[str]:
        if session.holder == "member":
            return frozenset((MEMBER,))
        return self.roles.get(session.who, frozenset())

    def requires(self, *roles: str) -> Callable[[Endpoint], Endpoint]:
        """For an endpoint: one of the roles opens it. Without any, whoever has signed in and still
        has some role does."""

        def guarded(endpoint: Endpoint) -> Endpoint:
            async def answer(request: Request) -> Response:
                session = self.who(request)
                if session is None or not (own := self.roles_of(session)):
                    is_staffs = bool(roles) and MEMBER not in roles
                    return self._sign_in(request, STAFF_SIGN_IN if is_staffs else SIGN_IN)
                if roles and own.isdisjoint(roles):
                    raise NotYoursError
                if self._is_to_be_renewed(request, session):
                    return self._lead(request, RENEW)
                request.state.session = session
                answered = await endpoint(request)
                answered.headers.setdefault("Cache-Control", "no-store")
                return answered

            answer.opened_by = frozenset(roles)  # type: ignore[attr-defined]
            return answer

        return guarded

    def _is_to_be_renewed(self, request: Request, session: Session) -> bool:
        """Only a page that somebody opens can wait for the way there and back."""
        return (
            request.method == "GET"
            and not self.was_renewed(request)
            and request.headers.get("Sec-Fetch-Dest", "document") == "document"
            and not for_programs(request)
            and session.is_stale(self.now())
        )

    def was_renewed(self, request: Request) -> bool:
        """Just now. Where our clock is ahead, it is stale here all the same: once more would not
        end."""
        return RENEWED in request.cookies

    def renewed(self, request: Request, response: Response) -> None:
        self.frame.cookies.put(request, response, RENEWED, "1", RENEWED_LASTS_S, "strict")

    def _sign_in(self, request: Request, form: str) -> Response:
        """By the form of those who may open it."""
        if request.method != "GET" or for_programs(request):
            raise NotSignedInError
        return self._lead(request, form)

    def _lead(self, request: Request, path: str) -> Response:
        """To the service where people sign in, and from there back."""
        here = request.url.path.removeprefix(self.frame.sites.root)
        here += f"?{request.url.query}" if request.url.query else ""
        there = self.frame.sites.page_of(SIGNS_IN, path)
        if not there:
            raise NotSignedInError
        of = quote(self.frame.service, safe="")
        return RedirectResponse(
            f"{there}?back={quote(here, safe='')}&of={of}", HTTPStatus.SEE_OTHER, NOT_KEPT
        )


def opened_by(route: Route) -> frozenset[str] | None:
    """The roles that open it; None for a page that is everybody's."""
    return getattr(route.endpoint, "opened_by", None)


def session_of(request: Request) -> Session:
    """Of a guarded page."""
    session: Session = request.state.session
    return session
