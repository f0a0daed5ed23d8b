"""What checkers found, for the body's own people: words, place and time, point and pictures; never
who they are."""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from re import fullmatch
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.by_staff import EDITOR
from services.intake.site.checking_page import VERDICTS
from services.intake.site.file_acts import ACTS
from services.intake.site.files_shown import WHICH, FileShown, FilesShown
from services.intake.site.finding_acts import act_for
from services.intake.site.findings_of import FindingsOf
from services.intake.site.page_by_page import a_page
from services.intake.site.staff_desk import AT_DESK, StaffDesk
from shared.contracts.checking import (
    FindingConflicted,
    FindingGiven,
    FindingPictured,
    FindingPointed,
)
from shared.contracts.event import Event
from shared.contracts.point import read
from shared.contracts.values import ID_PATTERN
from shared.web.guard import session_of
from shared.web.ids import id_in

PATH = "/findings"
SHOWN = 100


class Found(NamedTuple):
    """One finding; `counts` unless it came when the checking had gone on."""

    given: FindingGiven
    counts: bool
    point: str
    pictures: Sequence[FileShown]


class FindingsPage:
    """`findings` are those of checkings, the newest first: who found them is told to nobody here,
    and points are rounded."""

    def __init__(
        self,
        desk: StaffDesk,
        findings: FindingsOf,
        shown: FilesShown,
        named: tuple[Mapping[str, str], Mapping[str, str]],
    ) -> None:
        self._desk = desk
        self._findings = findings
        self._shown = shown
        self._named = named

    def routes(self) -> list[Route]:
        look = self._desk.guard.requires(*AT_DESK)
        one = f"{PATH}/{{checking}}"
        return [
            Route(PATH, look(self.show)),
            Route(one, look(self.of_one)),
            Route(f"{one}/files/{{digest}}/{{which}}", look(self.picture)),
        ]

    async def show(self, request: Request) -> Response:
        page = await a_page(request, self._findings.rows.some, SHOWN, PATH)
        return self._desk.form(request, "findings.html", page=page, **self._facts())

    async def of_one(self, request: Request) -> Response:
        """What may be done with pictures is shown to editors alone."""
        findings, say = self._findings, self._desk.frame.language.gettext
        about = await findings.about(id_in(request, "checking"))
        of_check = await findings.of_check(about["check_id"])
        found = _found(about["checking_id"], await findings.events(about["checking_id"]), of_check)
        may = EDITOR in self._desk.guard.roles_of(session_of(request))
        acts = {act: say(ACTS[act]) for act in ACTS} if may else {}
        facts = self._facts() | {"about": about, "found": found, "acts": acts}
        return self._desk.form(request, "findings-of-one.html", **facts)

    async def picture(self, request: Request) -> Response:
        digest, which = request.path_params["digest"], request.path_params["which"]
        if not fullmatch(ID_PATTERN, digest) or which not in WHICH:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        about = await self._findings.about(id_in(request, "checking"))
        found = await self._findings.picture(about["checking_id"], digest)
        return await self._shown.file(found.member_id, digest, which)

    def _facts(self) -> dict[str, Any]:
        say = self._desk.frame.language.gettext
        places, sectors = self._named
        verdicts = {verdict: say(text) for verdict, text in VERDICTS.items()}
        return {"places": places, "sectors": sectors, "verdicts": verdicts}


def _found(checking_id: str, events: Iterable[Event], of_check: Sequence[Event]) -> list[Found]:
    """A member gives one finding in a checking."""
    given, points = dict[str, FindingGiven](), dict[str, str]()
    pictures = dict[str, list[FileShown]]()
    for event in events:
        match event:
            case FindingGiven():
                given[event.member_id] = event
            case FindingPointed():
                points[event.member_id] = event.point if read(event.point) else ""
            case FindingPictured():
                at = f"{PATH}/{checking_id}/files/{event.digest}"
                act = act_for(event, of_check)
                file = FileShown(f"{at}/preview", f"{at}/whole", "", act)
                pictures.setdefault(event.member_id, []).append(file)
    return [
        Found(
            each,
            not isinstance(each, FindingConflicted),
            points.get(who, ""),
            pictures.get(who, ()),
        )
        for who, each in given.items()
    ]
