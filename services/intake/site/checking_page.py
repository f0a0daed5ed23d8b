"""A checker's page: what they are asked to check, whether they will, and what they found."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, ClassVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.by_lot import (
    ByLot,
    Found,
    NobodyYetError,
    NotUploadedError,
    TooCloseError,
)
from services.intake.domain.checker import TooOftenError
from services.intake.domain.checking import TooLateError
from services.intake.domain.finding import (
    FoundBeforeError,
    NotAcceptedError,
    NotYetSeenError,
    SeenBeforeError,
)
from services.intake.domain.report_state import NamedTooLateError
from services.intake.projections.of_checker import NOBODY, OfChecker
from services.intake.site.finding_form import Finding, OfOne, Pictures, found_of
from services.intake.site.with_files import ATTACHED, GONE
from shared.contracts.checking import Verdict
from shared.contracts.roles import MEMBER
from shared.contracts.values import Line
from shared.eventsourcing.errors import DomainError
from shared.eventsourcing.projections.read_model import Row
from shared.runtime.form_pages import FormPages
from shared.web.guard import session_of
from shared.web.headers import ASKS_WHERE, PERMISSIONS
from shared.web.language import Marked, marked
from shared.web.parts import InParts

PATH = "/checking"
MOST_NAMED = 20
PICTURES_FOR: Mapping[str, Marked] = {
    "body": marked("The body's own people alone"),
    "all": marked("Everybody, once an editor has looked at them"),
}
VERDICTS: Mapping[Verdict, Marked] = {
    "done": marked("Done"),
    "half done": marked("Half done"),
    "not done": marked("Not done"),
    "cannot tell": marked("I cannot tell"),
}
STATES: Mapping[str, Marked] = {
    "asked": marked("You are asked"),
    "accepted": marked("You will look"),
    "declined": marked("You declined"),
    "lapsed": marked("Your time ran out"),
    "found": marked("Your finding counts"),
    "conflict": marked("Your finding came when it had gone on: it is kept, and counts for nothing"),
}
TROUBLES: Mapping[type[DomainError], Marked] = {
    TooLateError: marked("Somebody else was asked by now, or it is settled."),
    FoundBeforeError: marked("Your finding stands; it is given once."),
    NotAcceptedError: marked("Say first that you will do it."),
    NotYetSeenError: marked("That day has not come yet."),
    SeenBeforeError: marked("On that day nobody had said yet that it is done. Look again, please."),
    TooCloseError: marked("You act for its owner, so let somebody else be asked."),
    TooOftenError: marked("You have said so ten times today. Say it again tomorrow."),
    NobodyYetError: marked("Nobody is known by this login yet: report something first."),
    NotUploadedError: GONE,
    NamedTooLateError: GONE,
}


def _lines(given: object) -> object:
    """One name a line; what is empty is no name."""
    if not isinstance(given, str):
        return given
    return tuple(filter(None, (line.strip() for line in given.splitlines())))


Names = Annotated[tuple[Line, ...], Field(max_length=MOST_NAMED), BeforeValidator(_lines)]


class Ready(BaseModel):
    ties: Names = ()
    societies: Names = ()


class Appeal(OfOne):
    reason: Line


class CheckerForms(FormPages):
    words: ClassVar[Mapping[str, Marked]] = {
        "checking": marked("There is no such check."),
        "ties": marked("One name a line, and at most 20 of them."),
        "societies": marked("One name a line, and at most 20 of them."),
        "verdict": marked("Choose what you found."),
        "words": marked("Say in a few words what you saw."),
        "place": marked("Choose a place from the list."),
        "seen_on": marked("Type a day such as 2031-03-04."),
        "rests_on": marked("Open this form again from your page."),
        "point": marked("Type two numbers such as 42.3251, -71.0953, or leave it empty."),
        "attached": marked("Open this form again from your page."),
        "pictures_for": marked("Choose who may see them."),
        "mark": marked("Open this form again from your page."),
        "confirmed": marked("Open this form again from your page."),
        "reason": marked("Say in one line why."),
    }


@dataclass(frozen=True)
class Shown:
    """What is looked up for a person; a day is one of the `zone`, and a point is kept to so many
    `decimals`."""

    of: Callable[[str], Awaitable[OfChecker]]
    reporter_of: Callable[[str], Awaitable[str]]
    places: Mapping[str, str]
    sectors: Mapping[str, str]
    zone: ZoneInfo
    decimals: int = 3


class CheckingPage:
    """No address of it names a check: addresses are kept in browsers, and logged by proxies."""

    def __init__(self, forms: CheckerForms, by_lot: ByLot, shown: Shown) -> None:
        self._forms = forms
        self._by_lot = by_lot
        self._shown = shown
        self.pictures = Pictures(forms, by_lot)

    def routes(self) -> list[Route]:
        forms, own = self._forms, self._forms.guard.requires(MEMBER)
        pictured = self.pictures.taking

        def taking(take: Callable[[Request, dict[str, str]], Awaitable[Response]]) -> object:
            return own(forms.either(self.back, take))

        acts = {
            "ready": self.ready,
            "back": self.step_back,
            "accept": self.accept,
            "decline": self.decline,
            "appeal": self.appeal,
        }
        return [
            Route(PATH, own(self.show)),
            Route(f"{PATH}/finding", own(pictured(self.find, self._away)), methods=["POST"]),
            *(Route(f"{PATH}/{name}", taking(act), methods=["POST"]) for name, act in acts.items()),  # type: ignore[arg-type]
        ]

    async def back(self, _: Request) -> Response:
        return self._forms.lead(PATH)

    async def show(self, request: Request) -> Response:
        return await self._page(request, {}, HTTPStatus.OK)

    async def ready(self, request: Request, fields: dict[str, str]) -> Response:
        typed = self._forms.filled(Ready, fields)
        if isinstance(typed, dict):
            return await self._page(request, typed, HTTPStatus.UNPROCESSABLE_ENTITY, fields)
        login = session_of(request).login_id
        done = self._by_lot.stand_ready(login, typed.ties, typed.societies)
        return await self._done(request, done, marked("You may be drawn from now on."))

    async def step_back(self, request: Request, _: dict[str, str]) -> Response:
        done = self._by_lot.step_back(session_of(request).login_id)
        return await self._done(request, done, marked("You are drawn no more."))

    async def accept(self, request: Request, fields: dict[str, str]) -> Response:
        typed = self._forms.filled(OfOne, fields)
        login = session_of(request).login_id
        seat = None if isinstance(typed, dict) else await self.seat(login, typed.checking)
        if seat is None:
            return self._forms.lead(PATH)
        done = self._by_lot.accept(login, seat["checking_id"], seat["about"]["owner"])
        return await self._done(request, done, marked("Thank you. Go and look, and say here."))

    async def decline(self, request: Request, fields: dict[str, str]) -> Response:
        typed = self._forms.filled(OfOne, fields)
        if isinstance(typed, dict):
            return self._forms.lead(PATH)
        done = self._by_lot.decline(session_of(request).login_id, typed.checking)
        return await self._done(request, done, marked("Somebody else is asked."))

    async def find(self, request: Request, fields: dict[str, str], files: InParts) -> Response:
        """First the form, of one check alone, and then what was filled in."""
        of_one = self._forms.filled(OfOne, fields)
        login = session_of(request).login_id
        seat = None if isinstance(of_one, dict) else await self.seat(login, of_one.checking)
        if seat is None:
            return self._forms.lead(PATH)
        if "verdict" not in fields:
            rests_on = {"rests_on": str(seat["about"]["stands_at"])}
            return self._form(request, seat, fields | rests_on, {}, HTTPStatus.OK)
        wrong = await self.pictures.uploaded(login, fields, files)
        typed = self._forms.filled(Finding, fields)
        errors = wrong | (typed if isinstance(typed, dict) else self.wrong(typed))
        if isinstance(typed, dict) or errors:
            return self._form(request, seat, fields, errors, HTTPStatus.UNPROCESSABLE_ENTITY)
        found = self.found(typed)
        done = self._by_lot.find(login, typed.checking, found)
        return await self._done(request, done, marked("Your finding is written down."))

    async def appeal(self, request: Request, fields: dict[str, str]) -> Response:
        typed = self._forms.filled(Appeal, fields)
        if isinstance(typed, dict):
            return await self._page(request, typed, HTTPStatus.UNPROCESSABLE_ENTITY, fields)
        reporter = await self._shown.reporter_of(typed.checking)
        login = session_of(request).login_id
        done = self._by_lot.appeal(login, typed.checking, typed.reason, reporter)
        return await self._done(request, done, marked("Others will look, from elsewhere."))

    async def _away(self, request: Request, fields: dict[str, str], why: Marked) -> Response:
        """What was typed stands there again."""
        of_one = self._forms.filled(OfOne, fields)
        login = session_of(request).login_id
        seat = None if isinstance(of_one, dict) else await self.seat(login, of_one.checking)
        if seat is None:
            return self._forms.lead(PATH)
        return self._form(request, seat, fields, {"files": why}, HTTPStatus.SERVICE_UNAVAILABLE)

    def found(self, typed: Finding) -> Found:
        shown = self._shown
        return found_of(typed, self._by_lot.clock.now(), shown.zone, shown.decimals)

    def wrong(self, typed: Finding) -> dict[str, Marked]:
        is_known = typed.place in self._shown.places
        return {} if is_known else {"place": self._forms.words["place"]}

    async def seat(self, login: str, checking_id: str) -> Row | None:
        """Of whoever was drawn for it; nobody else learns that it is there."""
        who = await self._by_lot.person_of(login)
        own = await self._shown.of(who) if who else NOBODY
        return next((s for s in own.seats if s["checking_id"] == checking_id and s["about"]), None)

    async def _done(self, request: Request, done: Awaitable[None], told: Marked) -> Response:
        try:
            await done
        except tuple(TROUBLES) as trouble:
            return self._forms.lead_saying(request, PATH, TROUBLES[type(trouble)])
        return self._forms.lead_saying(request, PATH, told)

    def _form(
        self,
        request: Request,
        seat: Row,
        fields: Mapping[str, str],
        errors: Mapping[str, Marked],
        status: int,
    ) -> Response:
        facts = self.facts() | {"kept": len(fields.get(ATTACHED, "").split())}
        page = self._forms.form(
            request, "checking-finding.html", fields, errors, status, seat=seat, **facts
        )
        page.headers[PERMISSIONS] = ASKS_WHERE
        return page

    async def _page(
        self,
        request: Request,
        errors: Mapping[str, Marked],
        status: int,
        fields: Mapping[str, str] | None = None,
    ) -> Response:
        login = session_of(request).login_id
        who = await self._by_lot.person_of(login)
        own = await self._shown.of(who) if who else NOBODY
        marks = {
            seat["checking_id"]: self._by_lot.mark(login, seat["checking_id"]) for seat in own.seats
        }
        facts = self.facts() | {"own": own, "known": who is not None, "marks": marks}
        page = self._forms.form(request, "checking.html", fields, errors, status, **facts)
        page.headers[PERMISSIONS] = ASKS_WHERE
        return page

    def facts(self) -> dict[str, Any]:
        say = self._forms.frame.language.gettext
        return {
            "places": self._shown.places,
            "sectors": self._shown.sectors,
            "verdicts": {verdict: say(text) for verdict, text in VERDICTS.items()},
            "states": {state: say(text) for state, text in STATES.items()},
            "pictures_for": {who: say(text) for who, text in PICTURES_FOR.items()},
            "decimals": self._shown.decimals,
        }
