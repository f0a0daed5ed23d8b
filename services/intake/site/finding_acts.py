"""An editor shows a picture of a finding to all, with its check, or takes it back: each with a
reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.by_staff import EDITOR
from services.intake.domain.check_state import Opened, evolve
from services.intake.domain.check_state import Unknown as NoCheck
from services.intake.domain.files_passed import GONE
from services.intake.passing_files import PassingFiles
from services.intake.site.file_acts import ACTS, BEFORE
from services.intake.site.findings_of import FindingsOf
from services.intake.site.staff_desk import StaffDesk, WithReason
from shared.contracts.checking import FindingPictured
from shared.contracts.event import Event
from shared.web.guard import session_of
from shared.web.ids import id_in
from shared.web.language import Marked, marked

DONE: dict[str, Marked] = {
    "show": marked("It will be seen on the check's public page in a moment."),
    "take-back": marked("It is not public any more."),
}


def act_for(picture: FindingPictured, of_check: Iterable[Event]) -> str:
    """What an editor may do with it: nothing where who took it has not allowed it, or once it was
    taken back; and nothing with what is not public."""
    check = reduce(evolve, of_check, NoCheck())  # type: ignore[arg-type]
    if not isinstance(check, Opened) or check.hidden or check.withdrawn:
        return ""
    known = check.pictures.get((picture.checking_id, picture.digest))
    if known is None:
        return "show" if picture.may_be_shown else ""
    return "" if known == GONE else "take-back"


@dataclass(frozen=True)
class FindingActs:
    desk: StaffDesk
    findings: FindingsOf
    passing: PassingFiles

    def routes(self) -> list[Route]:
        either = self.desk.guard.requires(EDITOR)(self.desk.either(self.ask, self.act))
        path = "/findings/{checking}/files/{digest}/{act}/ask"
        return [Route(path, either, methods=["GET", "POST"])]

    async def ask(self, request: Request) -> Response:
        return await self._asking(request, {}, {}, HTTPStatus.OK)

    async def act(self, request: Request, fields: dict[str, str]) -> Response:
        found, act = await self._found(request)
        typed = self.desk.filled(WithReason, fields)
        if isinstance(typed, dict):
            return await self._asking(request, fields, typed, HTTPStatus.UNPROCESSABLE_ENTITY)
        does = self.passing.passed_of if act == "show" else self.passing.taken_back_of
        is_done = await self.desk.done(does(found, session_of(request).who, typed.reason))
        here = f"/findings/{found.checking_id}"
        return self.desk.lead_saying(request, here, DONE[act] if is_done else BEFORE)

    async def _found(self, request: Request) -> tuple[FindingPictured, str]:
        """Of a check that is public still."""
        about = await self.findings.about(id_in(request, "checking"))
        act: str = request.path_params["act"]
        found = await self.findings.picture(about["checking_id"], id_in(request, "digest"))
        if act not in ACTS:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return found, act

    async def _asking(
        self, request: Request, fields: Mapping[str, str], errors: Mapping[str, str], status: int
    ) -> Response:
        """Nobody lets be public what they have not seen."""
        found, act = await self._found(request)
        words = self.desk.frame.language.gettext(ACTS[act])
        facts = {"found": found, "act": act, "words": words}
        return self.desk.form(request, "finding-act.html", fields, errors, status, **facts)
