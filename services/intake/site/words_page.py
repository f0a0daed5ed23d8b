"""The editor's desk: owners and tasks of checks that wait to be passed."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.by_staff import EDITOR
from services.intake.passing import Passing, PassWordsOfACheck
from services.intake.site.rows import Rows
from services.intake.site.staff_desk import StaffDesk, WithReason, id_in
from shared.web.guard import session_of
from shared.web.language import marked

PATH = "/words"
SHOWN = 100


class WordsPage:
    """`rows` are checks whose words wait, those that have waited longest first."""

    def __init__(self, desk: StaffDesk, passing: Passing, rows: Rows) -> None:
        self._desk = desk
        self._passing = passing
        self._rows = rows

    def routes(self) -> list[Route]:
        desk = self._desk
        look, do = desk.guard.requires(EDITOR, "auditor"), desk.guard.requires(EDITOR)
        one = f"{PATH}/{{check}}/pass"
        either = do(desk.either(self.ask_why, self.let_pass))
        return [Route(PATH, look(self.show)), Route(one, either, methods=["GET", "POST"])]

    async def show(self, request: Request) -> Response:
        desk = self._desk
        own = desk.guard.roles_of(session_of(request))
        waiting = await self._rows.some(SHOWN + 1)
        return desk.form(
            request,
            "words-waiting.html",
            checks=waiting[:SHOWN],
            more=len(waiting) > SHOWN,
            is_editor=EDITOR in own,
        )

    async def ask_why(self, request: Request) -> Response:
        return await self._asking(request, {}, {}, HTTPStatus.OK)

    async def let_pass(self, request: Request, fields: dict[str, str]) -> Response:
        desk, check, who = self._desk, id_in(request, "check"), session_of(request).who
        typed = desk.filled(WithReason, fields)
        if isinstance(typed, dict):
            return await self._asking(request, fields, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
        asked = PassWordsOfACheck(check_id=check, who=who, reason=typed.reason)
        done = await desk.done(self._passing.of_check(asked))
        fresh, before = marked("They are public now."), marked("They were passed before.")
        return desk.lead_saying(request, PATH, fresh if done["passed"] else before)

    async def _asking(
        self, request: Request, fields: Mapping[str, str], errors: Mapping[str, str], status: int
    ) -> Response:
        """Nobody passes what they have not read."""
        found = await self._rows.one(id_in(request, "check"))
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return self._desk.form(request, "pass-words.html", fields, errors, status, check=found)
