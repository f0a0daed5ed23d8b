"""The page of whoever acts for an owner: what is to be done by when; done, or handed over."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.owning import Owning
from services.intake.projections.owed import Asked
from services.intake.site.why_not import OF_OWNERS
from shared.contracts.identity import is_ours
from shared.contracts.party import Party
from shared.contracts.roles import MEMBER
from shared.contracts.values import EARLIEST, LATEST, GivenLine
from shared.eventsourcing.errors import DomainError
from shared.runtime.form_pages import FormPages
from shared.web.guard import NotYoursError, session_of
from shared.web.ids import id_in
from shared.web.language import Marked, marked
from shared.web.paging import address

PATH = "/owed"
ON_A_PAGE = 50
A_DAY = timedelta(days=1)
ACTS = {"done": "owed-done.html", "hand-over": "owed-over.html", "more-time": "owed-more.html"}
Row = Mapping[str, Any]
Found = Callable[[Asked], Awaitable[Sequence[Row]]]
One = Callable[[str], Awaitable[Row | None]]


class MoreTime(BaseModel):
    until: Annotated[date, Field(ge=EARLIEST.date(), lt=LATEST.date())]
    reason: GivenLine


class HandedOver(BaseModel):
    to: GivenLine
    reason: GivenLine


class OwnerDesk(FormPages):
    why_not: ClassVar[Mapping[type[DomainError], Marked]] = OF_OWNERS
    words: ClassVar[Mapping[str, Marked]] = {
        "to": marked("Say who is to do it from now on."),
        "reason": marked("Say in one line why."),
        "until": marked("Choose the day by which it can be done."),
    }


class OwedPage:
    """What is confidential is not for owners: some of it the body alone may know."""

    def __init__(
        self, desk: OwnerDesk, owning: Owning, found: Found, one: One, places: Mapping[str, str]
    ) -> None:
        self._desk = desk
        self._owning = owning
        self._found = found
        self._one = one
        self._places = places

    def routes(self) -> list[Route]:
        desk, own = self._desk, self._desk.guard.requires(MEMBER)
        done, over = desk.either(self.ask, self.claim), desk.either(self.ask, self.hand_over)
        more = desk.either(self.ask, self.ask_for_more_time)
        here = f"{PATH}/{{check}}"
        return [
            Route(PATH, own(self.show)),
            Route(f"{here}/done", own(done), methods=["GET", "POST"]),
            Route(f"{here}/hand-over", own(over), methods=["GET", "POST"]),
            Route(f"{here}/more-time", own(more), methods=["GET", "POST"]),
        ]

    async def show(self, request: Request) -> Response:
        login, owning = session_of(request).login_id, self._owning
        parties = owning.for_whom(login)
        names = [name for each in parties for name in owning.parties.names(each.name)]
        found = await self._found(Asked(names, after_in(request), ON_A_PAGE + 1)) if names else []
        return self._desk.form(
            request,
            "owed.html",
            parties=parties,
            number=owning.number(login),
            checks=found[:ON_A_PAGE],
            older=after_of(PATH, found, ON_A_PAGE),
            places=self._places,
            now=owning.now(),
        )

    async def ask(self, request: Request) -> Response:
        check, _ = await self._own(request)
        return self._asking(request, check, {}, {}, HTTPStatus.OK)

    async def claim(self, request: Request, _: dict[str, str]) -> Response:
        check, login = await self._own(request)
        new = await self._desk.done(self._owning.claim(login, check["check_id"], check["owner"]))
        told = marked("It is written down that it is done.")
        return self._desk.lead_saying(request, PATH, told if new else marked("It was so before."))

    async def hand_over(self, request: Request, fields: dict[str, str]) -> Response:
        check, login = await self._own(request)
        typed = self._desk.filled(HandedOver, fields)
        if not isinstance(typed, dict) and self._owning.parties.of(typed.to) is None:
            typed = {"to": OwnerDesk.words["to"]}
        if isinstance(typed, dict):
            wrong = HTTPStatus.UNPROCESSABLE_ENTITY
            return self._asking(request, check, fields, typed, wrong)
        doing = self._owning.hand_over(
            login, check["check_id"], check["owner"], typed.to, typed.reason
        )
        new = await self._desk.done(doing)
        told = marked("It is handed over.")
        return self._desk.lead_saying(request, PATH, told if new else marked("It was so before."))

    async def ask_for_more_time(self, request: Request, fields: dict[str, str]) -> Response:
        check, login = await self._own(request)
        typed = self._desk.filled(MoreTime, fields)
        if isinstance(typed, dict):
            wrong = HTTPStatus.UNPROCESSABLE_ENTITY
            return self._asking(request, check, fields, typed, wrong)
        of_it = check["check_id"], check["owner"], typed.until, typed.reason
        new = await self._desk.done(self._owning.ask_for_more_time(login, *of_it))
        told = marked("It is asked for; an editor answers.")
        return self._desk.lead_saying(request, PATH, told if new else marked("It was so before."))

    async def _own(self, request: Request) -> tuple[Row, str]:
        """A check of somebody else's is none, and neither is one that is not for owners."""
        login = session_of(request).login_id
        if not (parties := self._owning.for_whom(login)):
            raise NotYoursError
        check = await self._one(id_in(request, "check"))
        if check is None or check["hidden"] or not self._is_of(check, parties):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return check, login

    def _is_of(self, check: Row, parties: Sequence[Party]) -> bool:
        return self._owning.parties.of(check["owner"]) in parties

    def _asking(
        self,
        request: Request,
        check: Row,
        fields: Mapping[str, str],
        errors: Mapping[str, str],
        status: int,
    ) -> Response:
        own = self._owning.parties.of(check["owner"])
        others = [each for each in self._owning.parties.by_code.values() if each != own]
        template = ACTS[request.url.path.rpartition("/")[2]]
        named = {each.name: each.name for each in others}
        facts = {"check": check, "others": named, "places": self._places}
        return self._desk.form(request, template, fields, errors, status, **facts)


def after_in(request: Request) -> tuple[datetime, str] | None:
    """Where the page before ended, as an address has it."""
    due, _, check_id = request.query_params.get("after", "").partition("/")
    try:
        at = datetime.fromisoformat(due)
    except ValueError:
        return None
    is_known = at.tzinfo and EARLIEST + A_DAY <= at <= LATEST - A_DAY and is_ours(check_id)
    return (at, check_id) if is_known else None


def after_of(path: str, found: Sequence[Row], at_once: int, **cut: str | None) -> str:
    """The address of the next page, if there is one."""
    if len(found) <= at_once:
        return ""
    last = found[at_once - 1]
    return beyond(path, (last["due_at"], last["check_id"]), **cut)


def beyond(path: str, last: tuple[datetime, str] | None, **cut: str | None) -> str:
    """The address of what comes behind the last one, if anything does."""
    if last is None:
        return ""
    at, thing = last
    return address(path, **cut, after=f"{at.isoformat()}/{thing}")
