"""The staff's forms for a commitment that no report led to, and for one that is done."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.by_staff import EDITOR
from services.intake.committing import Committing, Made
from services.intake.deciding import INSPECTOR
from services.intake.domain.due import NoRuleError, TooLateError
from services.intake.site.desk_report import OVER
from services.intake.site.owed_page import One, Row
from services.intake.site.owners_page import PATH
from services.intake.site.staff_desk import StaffDesk
from shared.contracts.roles import Role
from shared.contracts.values import EARLIEST, LATEST, GivenLine, Id
from shared.web.guard import session_of
from shared.web.ids import id_in
from shared.web.language import Marked, marked

MAKE = f"{PATH}/make"
NO_RULE = marked("No rule of the charter says by when. Choose the day by which it is to be done.")
TOO_FAR = marked("That is after all days that there may be.")
BEFORE = marked("It was so before.")


def _given(text: object) -> object:
    return text or None


class Committed(BaseModel):
    once: Id
    owner: GivenLine
    task: GivenLine
    place: GivenLine
    sector: GivenLine
    due: Annotated[
        Annotated[date, Field(ge=EARLIEST.date(), lt=LATEST.date())] | None, BeforeValidator(_given)
    ] = None
    known_to: Literal["body", "all"]


class CommittingPage:
    def __init__(
        self,
        desk: StaffDesk,
        committing: Committing,
        one: One,
        places: Mapping[str, str],
        sectors: Mapping[str, str],
    ) -> None:
        self._desk = desk
        self._committing = committing
        self._one = one
        self._places = places
        self._sectors = sectors

    def routes(self) -> list[Route]:
        desk = self._desk
        do = desk.guard.requires(EDITOR, INSPECTOR)
        make, done = desk.either(self.ask, self.make), desk.either(self.ask_done, self.claim)
        both = ["GET", "POST"]
        return [
            Route(MAKE, do(make), methods=both),
            Route(f"{PATH}/{{check}}/done", do(done), methods=both),
        ]

    async def ask(self, request: Request) -> Response:
        return self._asking(request, {"known_to": "all"}, {})

    async def make(self, request: Request, fields: dict[str, str]) -> Response:
        typed = self._desk.filled(Committed, fields)
        wrong = typed if isinstance(typed, dict) else self._wrong(typed)
        if isinstance(typed, dict) or wrong:
            return self._asking(request, fields, wrong)
        made = Made(
            *(typed.once, typed.owner, typed.task, typed.place, typed.sector, typed.due),
            confidential=typed.known_to == "body",
        )
        who, role = session_of(request).who, self._role(request)
        try:
            new = await self._desk.done(self._committing.make(who, role, made))
        except NoRuleError:
            return self._asking(request, fields, {"due": NO_RULE})
        except TooLateError:
            return self._asking(request, fields, {"due": TOO_FAR})
        told = marked("It is written down, and is under control from now on.")
        return self._desk.lead_saying(request, PATH, told if new else BEFORE)

    async def ask_done(self, request: Request) -> Response:
        check = await self._check(request)
        page = "commitment-done.html"
        return self._desk.form(request, page, check=check, places=self._places)

    async def claim(self, request: Request, _: dict[str, str]) -> Response:
        check, who = await self._check(request), session_of(request).who
        of_it = check["check_id"], check["owner"]
        doing = self._committing.claim(who, self._role(request), *of_it)
        new = await self._desk.done(doing)
        told = marked("It is written down that it is done.")
        return self._desk.lead_saying(request, PATH, told if new else BEFORE)

    def _wrong(self, typed: Committed) -> dict[str, Marked]:
        zone = self._committing.rules.almanac(typed.place).zone
        today = self._committing.now().astimezone(zone).date()
        odd = {
            "place": typed.place not in self._places,
            "sector": typed.sector not in self._sectors,
            "due": typed.due is not None and typed.due < today,
        }
        words = {**StaffDesk.words, "due": OVER}
        return {field: words[field] for field, is_odd in odd.items() if is_odd}

    def _role(self, request: Request) -> Role:
        roles = self._desk.guard.roles_of(session_of(request))
        return EDITOR if EDITOR in roles else INSPECTOR

    async def _check(self, request: Request) -> Row:
        check = await self._one(id_in(request, "check"))
        if check is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return check

    def _asking(
        self, request: Request, fields: Mapping[str, str], errors: Mapping[str, str]
    ) -> Response:
        names = [each.name for each in self._committing.parties.by_code.values()]
        facts: dict[str, Any] = {
            "names": names,
            "places": self._places,
            "sectors": self._sectors,
            "is_editor": self._role(request) == EDITOR,
        }
        return self._desk.asking(request, "commitment-make.html", fields, errors, **facts)
