"""Pages on which the staff inquire of who filed a report on the site, and see who replied."""

from collections.abc import Mapping
from http import HTTPStatus

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.exchanging import Exchanging, NobodyHasACodeError, NothingKeptError
from services.intake.protection import NoSuchReportError
from services.intake.site.naming import AnyName, report_id_of
from services.intake.site.openings_page import NO_REPORT
from services.intake.site.page_by_page import a_page
from services.intake.site.rows import Some
from services.intake.site.staff_desk import StaffDesk
from services.intake.trail.typed import MOST_SIGNS, TypedWords
from shared.contracts.roles import OPENERS
from shared.web.guard import session_of
from shared.web.language import Marked, marked
from shared.web.lines import plain_lines

PATH = "/inquiries"
SHOWN = 100
LAST: dict[str, Marked] = {
    "inquiry": marked("waits for a reply"),
    "reply": marked("was replied to"),
}
WHY_NOT: dict[type[Exception], Marked] = {
    NoSuchReportError: NO_REPORT,
    NobodyHasACodeError: marked("It was not filed on the site, so nobody has a code for it."),
    NothingKeptError: marked("The report was erased: nothing more is kept of it."),
}


class Asked(BaseModel):
    report: AnyName
    words: TypedWords


class InquiriesPage:
    """`newest` are exchanges, those in which something was said last."""

    def __init__(
        self,
        desk: StaffDesk,
        exchanging: Exchanging,
        newest: Some,
    ) -> None:
        self._desk = desk
        self._exchanging = exchanging
        self._newest = newest

    def routes(self) -> list[Route]:
        desk = self._desk
        look = desk.guard.requires(*OPENERS, "auditor")
        ask = desk.guard.requires(*OPENERS)(desk.either(self.ask, self.inquire))
        return [
            Route(PATH, look(self.show)),
            Route(f"{PATH}/ask", ask, methods=["GET", "POST"]),
        ]

    async def show(self, request: Request) -> Response:
        desk = self._desk
        say, own = desk.frame.language.gettext, desk.guard.roles_of(session_of(request))
        return desk.form(
            request,
            "inquiries.html",
            page=await a_page(request, self._newest, SHOWN, PATH),
            last={each: say(text) for each, text in LAST.items()},
            may_ask=not own.isdisjoint(OPENERS),
        )

    async def ask(self, request: Request) -> Response:
        return self._asking(request, {}, {})

    async def inquire(self, request: Request, fields: dict[str, str]) -> Response:
        desk = self._desk
        fields["words"] = plain_lines(fields.get("words", ""))
        typed = desk.filled(Asked, fields)
        if isinstance(typed, dict):
            return self._asking(request, fields, typed)
        role, who = desk.role_of(request, OPENERS), session_of(request).who
        try:
            await self._exchanging.inquire(who, role, report_id_of(typed.report), typed.words)
        except (NoSuchReportError, NobodyHasACodeError, NothingKeptError) as error:
            return self._asking(request, fields, {"report": WHY_NOT[type(error)]})
        told = marked("It stands under the code of the report now.")
        return desk.lead_saying(request, PATH, told)

    def _asking(
        self, request: Request, fields: Mapping[str, str], errors: Mapping[str, str]
    ) -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        return self._desk.form(request, "inquire.html", fields, errors, status, most=MOST_SIGNS)
