"""Takes files that a member adds to a report of theirs, from their own page."""

from dataclasses import dataclass
from http import HTTPStatus

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.adding_own import AddingOwn, NotTheirsError
from services.intake.files.uploading import BusyError
from services.intake.site.mine_page import FILES_TO, PATH, MinePage
from services.intake.site.with_files import (
    NOT_TAKEN,
    WHY_NOT_ADDED,
    FormsWithFiles,
    why_left_out,
    why_not_taken,
)
from shared.contracts.roles import MEMBER
from shared.contracts.values import Id
from shared.eventsourcing.errors import DomainError
from shared.web.guard import session_of
from shared.web.language import Marked, marked
from shared.web.parts import InParts

CHOOSE = marked("Choose a report.")
NO_FILES = marked("Choose pictures or a PDF.")
WHY_NOT: dict[type[DomainError], tuple[str, Marked]] = {
    NotTheirsError: (FILES_TO, CHOOSE),
    **{error: ("files", why) for error, why in WHY_NOT_ADDED.items()},
}


class Typed(BaseModel):
    to: Id


@dataclass(frozen=True)
class OwnFilesPage:
    mine: MinePage
    adding: AddingOwn

    def routes(self) -> list[Route]:
        own = self.mine.desk.guard.requires(MEMBER)
        return [Route(f"{PATH}/files", own(self.answer), methods=["POST"])]

    async def answer(self, request: Request) -> Response:
        """What came is there, also while something else of it is wrong."""
        desk, fields = self.mine.desk, dict[str, str]()
        uploads = self.adding.adding.uploads
        try:
            async with FormsWithFiles(desk.frame.forms, uploads).posted(request) as (fields, found):
                wrong = await self._taken(request, fields, found)
        except NOT_TAKEN as error:
            fields = dict(error.texts) if isinstance(error, BusyError) else fields
            wrong = {"files": why_not_taken(error)}
            return await self.mine.page(request, fields, wrong, HTTPStatus.SERVICE_UNAVAILABLE)
        if wrong:
            return await self.mine.page(request, fields, wrong, HTTPStatus.UNPROCESSABLE_ENTITY)
        return desk.lead_saying(request, PATH, marked("It goes with your report now."))

    async def _taken(
        self, request: Request, fields: dict[str, str], found: InParts
    ) -> dict[str, Marked]:
        typed = self.mine.desk.filled(Typed, fields)
        if isinstance(typed, dict):
            return typed
        if not (found.files or found.left_out):
            return {"files": NO_FILES}
        try:
            added = await self.adding.add(session_of(request).login_id, typed.to, found)
        except DomainError as error:
            if (why := WHY_NOT.get(type(error))) is None:
                raise self.mine.desk.not_possible from None
            return dict([why])
        return why_left_out(found, added.wrong)
