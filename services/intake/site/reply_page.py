"""Takes what whoever has a code says to the body, in words and in pictures."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.adding import Adding
from services.intake.domain.exchange import TooManyRepliesError
from services.intake.domain.report_state import NotFiledError
from services.intake.files.uploading import BusyError
from services.intake.site.trace_page import NOBODYS, PATH, TOO_MANY, TracePage
from services.intake.site.with_files import (
    NOT_TAKEN,
    NOTHING_KEPT,
    WHY_NOT_ADDED,
    FormsWithFiles,
    why_left_out,
    why_not_taken,
)
from services.intake.trail.codes import read_code
from services.intake.trail.replying import ErasedReportError, NoReportError, Replying
from services.intake.trail.typed import TypedWords
from shared.contracts import actor
from shared.contracts.values import Id
from shared.eventsourcing.errors import DomainError, TryLaterError
from shared.web.language import Marked, marked
from shared.web.lines import plain_lines
from shared.web.parts import InParts
from shared.web.turns import NoTurnError

NO_MORE = marked("Nothing more is taken until the body has asked again.")
AWAY = HTTPStatus.SERVICE_UNAVAILABLE
WHY_NOT: dict[type[DomainError], Marked] = {
    **WHY_NOT_ADDED,
    NotFiledError: NOBODYS,
    NoReportError: NOBODYS,
    TooManyRepliesError: NO_MORE,
    ErasedReportError: NOTHING_KEPT,
}


class Typed(BaseModel):
    once: Id
    words: TypedWords


@dataclass(frozen=True)
class ReplyPage:
    """Its answers are those of the page on which the code was typed."""

    traced: TracePage
    replying: Replying
    adding: Adding

    def routes(self) -> list[Route]:
        return [Route(f"{PATH}/reply", self.answer, methods=["GET", "POST"])]

    async def answer(self, request: Request) -> Response:
        """What was said does not stand there again: a code may fall into other hands."""
        if request.method != "POST":
            return await self.traced.ask(request)
        try:
            return await self._answered(request)
        except TryLaterError:
            raise self.traced.forms.not_just_now from None

    async def _answered(self, request: Request) -> Response:
        posted = FormsWithFiles(self.traced.forms.frame.forms, self.adding.uploads).posted(request)
        fields: dict[str, str] = {}
        try:
            async with posted as (fields, found):
                code = read_code(fields.get("code", ""))
                if code is None:
                    return self.traced.asking(request, "", self.traced.forms.words["code"])
                wrong = await self._taken(code, fields, found)
        except NoTurnError:
            return self.traced.asking(request, "", TOO_MANY, AWAY)
        except NOT_TAKEN as error:
            fields = dict(error.texts) if isinstance(error, BusyError) else fields
            wrong, code = {"files": why_not_taken(error)}, read_code(fields.get("code", "")) or ""
            return await self.traced.looked_up(request, code, fields, wrong, status=AWAY)
        said = fields if wrong and "words" not in wrong else {}
        return await self.traced.looked_up(request, code, said, wrong, replied=not wrong)

    async def _taken(
        self, code: str, fields: dict[str, str], found: InParts
    ) -> Mapping[str, Marked]:
        """What is wrong. Files first: who sends both once more then says it once all the same."""
        fields["words"] = plain_lines(fields.get("words", ""))
        some = bool(found.files or found.left_out)
        typed = self.traced.forms.filled(Typed, fields)
        if isinstance(typed, dict) and (fields["words"].strip() or not some or "once" in typed):
            return typed
        count = 0
        try:
            if some:
                report_id = await self.replying.report_of(code)
                by = actor.source(self.replying.source)
                added = await self.adding.add(report_id, found, by)
                count = added.count
                if wrong := why_left_out(found, added.wrong):
                    return wrong
            words = self._of_files(count) if isinstance(typed, dict) else typed.words
            await self.replying.reply(code, fields["once"], words)
        except DomainError as error:
            if (why := WHY_NOT.get(type(error))) is None:
                raise self.traced.forms.not_possible from None
            return {"files" if type(error) in WHY_NOT_ADDED else "words": why}
        return {}

    def _of_files(self, count: int) -> str:
        """Who asked for a picture sees on the list of inquiries that it came."""
        language = self.traced.forms.frame.language
        return language.ngettext("%(num)s file was added.", "%(num)s files were added.", count)
