"""An editor shows a picture of an open report to all, or takes it back: each with a reason."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.by_staff import EDITOR
from services.intake.domain.files_passed import GONE, WAITS
from services.intake.domain.report_folded import folded
from services.intake.domain.report_state import Filed
from services.intake.passing_files import PassingFiles
from services.intake.site.desk_list import PATH
from services.intake.site.files_shown import FilesShown, open_files
from services.intake.site.staff_desk import StaffDesk, WithReason
from shared.contracts.report import FileAttached
from shared.eventsourcing.event_store import RecordedEvent
from shared.web.guard import session_of
from shared.web.ids import id_in
from shared.web.language import Marked, marked

ACTS: dict[str, Marked] = {
    "show": marked("Show it to all"),
    "take-back": marked("Take it back"),
}
DONE: dict[str, Marked] = {
    "show": marked("It will be seen on the report's public page in a moment."),
    "take-back": marked("It is not public any more."),
}
BEFORE = marked("It was so already: nothing changed.")


def acts_of(events: Sequence[RecordedEvent]) -> dict[str, str]:
    """What may be done with each file of an open report, by its digest: nothing once it was taken
    back, or nothing of the report is public any more."""
    report = folded(each.event for each in events)
    if not isinstance(report, Filed) or report.of_files.gone:
        return {}
    names = report.files
    may: dict[str, str] = {}
    for file in open_files(events):
        called = names.get(file.digest, GONE)
        if called != GONE:
            may[file.digest] = "show" if called == WAITS else "take-back"
    return may


@dataclass(frozen=True)
class FileActs:
    desk: StaffDesk
    shown: FilesShown
    passing: PassingFiles

    def routes(self) -> list[Route]:
        either = self.desk.guard.requires(EDITOR)(self.desk.either(self.ask, self.act))
        path = f"{PATH}/{{report}}/files/{{digest}}/{{act}}/ask"
        return [Route(path, either, methods=["GET", "POST"])]

    async def ask(self, request: Request) -> Response:
        return await self._asking(request, {}, {}, HTTPStatus.OK)

    async def act(self, request: Request, fields: dict[str, str]) -> Response:
        file, act = await self._file(request)
        typed = self.desk.filled(WithReason, fields)
        if isinstance(typed, dict):
            return await self._asking(request, fields, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
        doing = self._doing(act)(file.report_id, file.digest, session_of(request).who, typed.reason)
        is_done = await self.desk.done(doing)
        here = f"{PATH}/{file.report_id}"
        return self.desk.lead_saying(request, here, DONE[act] if is_done else BEFORE)

    def _doing(self, act: str) -> Callable[[str, str, str, str], Awaitable[bool]]:
        return self.passing.passed if act == "show" else self.passing.taken_back

    async def _file(self, request: Request) -> tuple[FileAttached, str]:
        """One that everybody at the desk may see."""
        report_id, digest = id_in(request, "report"), id_in(request, "digest")
        act: str = request.path_params["act"]
        events = await self.shown.history(report_id)
        found = [each for each in open_files(events) if each.digest == digest]
        if act not in ACTS or not found:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return found[0], act

    async def _asking(
        self, request: Request, fields: Mapping[str, str], errors: Mapping[str, str], status: int
    ) -> Response:
        """Nobody lets be public what they have not seen."""
        file, act = await self._file(request)
        words = self.desk.frame.language.gettext(ACTS[act])
        facts = {"file": file, "act": act, "words": words}
        return self.desk.form(request, "file-act.html", fields, errors, status, **facts)
