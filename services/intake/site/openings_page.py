"""Pages on which the staff open a report's sealed words: asked for, allowed, shown once."""

from collections.abc import Mapping
from http import HTTPStatus

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.domain.opening import NoOpeningError
from services.intake.opening import Openings
from services.intake.protection import NoSuchReportError
from services.intake.site.files_shown import FilesShown
from services.intake.site.naming import AnyName, report_id_of
from services.intake.site.page_by_page import a_page
from services.intake.site.rows import Rows
from services.intake.site.staff_desk import StaffDesk, WithReason
from shared.contracts.report import FileAttached
from shared.contracts.roles import ALLOWERS, OPENERS
from shared.contracts.values import Line
from shared.web.guard import session_of
from shared.web.ids import id_in
from shared.web.language import Marked, marked

PATH = "/openings"
SHOWN = 100
STATES = {
    "waits": marked("waits for a second person"),
    "allowed": marked("allowed"),
    "declined": marked("declined"),
    "used": marked("the words were shown"),
}
ROLE_NAMES = {
    "inspector": marked("inspector"),
    "editor": marked("editor"),
    "operator": marked("operator"),
}
SAID: dict[str, Marked] = {
    "ReportFiled": marked("What was reported"),
    "ReportAnswered": marked("What was answered"),
    "ReportConfirmed": marked("Why it was confirmed"),
    "ReportRefuted": marked("Why it was refuted"),
    "ReportClosed": marked("Why it was closed"),
    "InquiryMade": marked("What was asked of who filed it"),
    "ReplyGiven": marked("What they replied"),
    "DuplicateClaimed": marked("Why it counts as a duplicate"),
    "DuplicateParted": marked("Why it counts as a duplicate no more"),
    "ReportHalfFixed": marked("Why it counts as half fixed"),
    "ReportReopened": marked("Why it was reopened"),
}
ATTACHED = FileAttached.__name__
NO_REPORT = marked("No such report was filed.")


class Asked(BaseModel):
    report: AnyName
    reason: Line


class OpeningsPage:
    """`rows` are openings, the newest first; `names` those of the staff by what events call
    them."""

    def __init__(
        self,
        desk: StaffDesk,
        openings: Openings,
        rows: Rows,
        names: Mapping[str, str],
        files: FilesShown,
    ) -> None:
        self._desk = desk
        self._openings = openings
        self._rows = rows
        self._names = names
        self._files = files

    def routes(self) -> list[Route]:
        desk, both = self._desk, ["GET", "POST"]
        look = desk.guard.requires(*ALLOWERS, "auditor")
        say, read = desk.guard.requires(*ALLOWERS), desk.guard.requires(*OPENERS)
        one = f"{PATH}/{{opening}}"
        return [
            Route(PATH, look(self.show_all)),
            Route(f"{PATH}/ask", read(desk.either(self.ask, self.propose)), methods=both),
            Route(f"{one}/allow", say(desk.either(self.back, self.allow)), methods=["POST"]),
            Route(f"{one}/decline", say(desk.either(self.ask_why, self.decline)), methods=both),
            Route(f"{one}/words", read(desk.either(self.back, self.show)), methods=["POST"]),
        ]

    async def show_all(self, request: Request) -> Response:
        desk, session = self._desk, session_of(request)
        say, own = desk.frame.language.gettext, desk.guard.roles_of(session)
        return desk.form(
            request,
            "openings.html",
            page=await a_page(request, self._rows.some, SHOWN, PATH),
            names=self._names,
            states={state: say(text) for state, text in STATES.items()},
            roles={role: say(text) for role, text in ROLE_NAMES.items()},
            me=self._openings.known_as(session.who),
            may_allow=not own.isdisjoint(ALLOWERS),
            may_read=not own.isdisjoint(OPENERS),
        )

    async def back(self, _: Request) -> Response:
        return self._desk.lead(PATH)

    async def ask(self, request: Request) -> Response:
        return self._asking(request, {"report": request.query_params.get("report", "")}, {})

    async def propose(self, request: Request, fields: dict[str, str]) -> Response:
        desk, openings = self._desk, self._openings
        typed = desk.filled(Asked, fields)
        if isinstance(typed, dict):
            return self._asking(request, fields, typed)
        role, who = desk.role_of(request, OPENERS), session_of(request).who
        try:
            await openings.ask(who, role, report_id_of(typed.report), typed.reason)
        except NoSuchReportError:
            return self._asking(request, fields, {"report": NO_REPORT})
        waits = marked("It waits for a second person.")
        told = waits if openings.second_person else marked("You may be shown the words, once.")
        return desk.lead_saying(request, PATH, told)

    async def allow(self, request: Request, _: dict[str, str]) -> Response:
        desk, who = self._desk, session_of(request).who
        role = desk.role_of(request, ALLOWERS)
        await desk.done(self._openings.allow(who, role, id_in(request, "opening")))
        return desk.lead_saying(request, PATH, marked("It is allowed."))

    async def ask_why(self, request: Request) -> Response:
        return self._why(request, {}, {})

    async def decline(self, request: Request, fields: dict[str, str]) -> Response:
        desk, who = self._desk, session_of(request).who
        typed = desk.filled(WithReason, fields)
        if isinstance(typed, dict):
            return self._why(request, fields, typed)
        role, opening = desk.role_of(request, ALLOWERS), id_in(request, "opening")
        await desk.done(self._openings.decline(who, role, opening, typed.reason))
        return desk.lead_saying(request, PATH, marked("It is declined."))

    async def show(self, request: Request, _: dict[str, str]) -> Response:
        """The answer itself, so that no address leads to them."""
        desk, who = self._desk, session_of(request).who
        report_id, words = await desk.done(self._shown(who, id_in(request, "opening")))
        media_types = [each["media_type"] for each in words if each["event"] == ATTACHED]
        files = await self._files.after(request, report_id, media_types)
        say = desk.frame.language.gettext
        told = [
            (say(SAID.get(each["event"], each["event"])), text)
            for each in words
            if each["event"] != ATTACHED
            for field, text in each.items()
            if field not in ("event", "at")
        ]
        return desk.form(request, "words.html", words=told, files=files)

    async def _shown(self, who: str, opening_id: str) -> tuple[str, list[dict[str, str]]]:
        row = await self._rows.one(opening_id)
        if row is None:
            raise NoOpeningError("Nobody asked for such an opening.")
        return row["report_id"], await self._openings.show(who, row)

    def _asking(
        self, request: Request, fields: Mapping[str, str], errors: Mapping[str, str]
    ) -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        second = self._openings.second_person
        return self._desk.form(request, "ask.html", fields, errors, status, second_person=second)

    def _why(
        self, request: Request, fields: Mapping[str, str], errors: Mapping[str, str]
    ) -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        opening = id_in(request, "opening")
        return self._desk.form(request, "decline.html", fields, errors, status, opening=opening)
