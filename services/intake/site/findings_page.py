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

from services.intake.site.checking_page import VERDICTS
from services.intake.site.files_shown import WHICH, FileShown, FilesShown
from services.intake.site.rows import Row, Rows
from services.intake.site.staff_desk import AT_DESK, StaffDesk, id_in
from shared.contracts.checking import (
    FindingConflicted,
    FindingGiven,
    FindingPictured,
    FindingPointed,
)
from shared.contracts.event import Event
from shared.contracts.point import read
from shared.contracts.values import ID_PATTERN
from shared.eventsourcing.errors import TryLaterError
from shared.eventsourcing.event_store import AggregateKey, EventStore
from shared.runtime.form_pages import NotJustNowError

PATH = "/findings"
SHOWN = 100


class Found(NamedTuple):
    """One finding; `counts` unless it came when the checking had gone on."""

    given: FindingGiven
    counts: bool
    point: str
    pictures: Sequence[FileShown]


class FindingsPage:
    """`rows` are checkings with findings, the newest first. `opened` has the keys of points: who
    found them is told to nobody here, and points are rounded."""

    def __init__(
        self,
        desk: StaffDesk,
        rows: Rows,
        opened: EventStore,
        shown: FilesShown,
        named: tuple[Mapping[str, str], Mapping[str, str]],
    ) -> None:
        self._desk = desk
        self._rows = rows
        self._opened = opened
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
        found = await self._rows.some(SHOWN)
        return self._desk.form(request, "findings.html", checkings=found, **self._facts())

    async def of_one(self, request: Request) -> Response:
        about = await self._about(request)
        found = _found(about["checking_id"], await self._events(about["checking_id"]))
        return self._desk.form(
            request, "findings-of-one.html", about=about, found=found, **self._facts()
        )

    async def picture(self, request: Request) -> Response:
        digest, which = request.path_params["digest"], request.path_params["which"]
        if not fullmatch(ID_PATTERN, digest) or which not in WHICH:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        about = await self._about(request)
        for event in await self._events(about["checking_id"]):
            if isinstance(event, FindingPictured) and event.digest == digest:
                return await self._shown.file(event.member_id, digest, which)
        raise HTTPException(HTTPStatus.NOT_FOUND)

    async def _about(self, request: Request) -> Row:
        about = await self._rows.one(id_in(request, "checking"))
        if about is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return about

    async def _events(self, checking_id: str) -> list[Event]:
        try:
            events = await self._opened.load(AggregateKey("intake", "checking", checking_id))
        except TryLaterError:
            raise NotJustNowError from None
        return [each.event for each in events]

    def _facts(self) -> dict[str, Any]:
        say = self._desk.frame.language.gettext
        places, sectors = self._named
        verdicts = {verdict: say(text) for verdict, text in VERDICTS.items()}
        return {"places": places, "sectors": sectors, "verdicts": verdicts}


def _found(checking_id: str, events: Iterable[Event]) -> list[Found]:
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
                file = FileShown(f"{at}/preview", f"{at}/whole", "")
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
