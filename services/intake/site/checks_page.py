"""A desk of the editor's: checks that wait there, and the act with a reason that ends it."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from http import HTTPStatus
from typing import ClassVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.by_staff import EDITOR
from services.intake.site.page_by_page import a_page
from services.intake.site.rows import Rows
from services.intake.site.staff_desk import StaffDesk, WithReason
from shared.web.guard import session_of
from shared.web.ids import id_in
from shared.web.language import Marked

SHOWN = 100


class ChecksPage(ABC):
    """`rows` are the checks, those that have waited longest first. It is at `path`, and the act on
    each of them below; `done` and `before` say afterwards what came of it."""

    path: ClassVar[str]
    act_path: ClassVar[str]
    waiting: ClassVar[str]
    asking: ClassVar[str]
    done: ClassVar[Marked]
    before: ClassVar[Marked]

    def __init__(self, desk: StaffDesk, rows: Rows) -> None:
        self._desk = desk
        self._rows = rows

    @abstractmethod
    async def act(self, check: str, who: str, reason: str, fields: Mapping[str, str]) -> bool:
        """Whether anything came of it; `fields` is all that was sent. Raises DomainError."""

    def routes(self) -> list[Route]:
        desk = self._desk
        look, do = desk.guard.requires(EDITOR, "auditor"), desk.guard.requires(EDITOR)
        one = f"{self.path}/{{check}}/{self.act_path}"
        either = do(desk.either(self.ask_why, self.do))
        return [Route(self.path, look(self.show)), Route(one, either, methods=["GET", "POST"])]

    async def show(self, request: Request) -> Response:
        desk = self._desk
        own = desk.guard.roles_of(session_of(request))
        page = await a_page(request, self._rows.some, SHOWN, self.path)
        return desk.form(request, self.waiting, page=page, is_editor=EDITOR in own)

    async def ask_why(self, request: Request) -> Response:
        return await self._asking(request, {}, {}, HTTPStatus.OK)

    async def do(self, request: Request, fields: dict[str, str]) -> Response:
        desk, check, who = self._desk, id_in(request, "check"), session_of(request).who
        typed = desk.filled(WithReason, fields)
        if isinstance(typed, dict):
            return await self._asking(request, fields, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
        is_done = await desk.done(self.act(check, who, typed.reason, fields))
        return desk.lead_saying(request, self.path, self.done if is_done else self.before)

    async def _asking(
        self, request: Request, fields: Mapping[str, str], errors: Mapping[str, str], status: int
    ) -> Response:
        """Nobody lets be public what they have not read."""
        found = await self._rows.one(id_in(request, "check"))
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return self._desk.form(request, self.asking, fields, errors, status, check=found)
