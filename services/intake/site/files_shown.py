"""Files that went with a report, for whoever may see them: after an opening, or at once where all
of the report is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from re import fullmatch
from typing import NamedTuple

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.files.keeping import Files
from services.intake.files.sorts import kind_of
from services.intake.site.staff_desk import AT_DESK, StaffDesk
from shared.contracts.attachment import MEDIA_TYPES
from shared.contracts.report import FileAttached, ReportFiled
from shared.contracts.roles import OPENERS
from shared.contracts.values import ID_PATTERN
from shared.eventsourcing.errors import TryLaterError
from shared.eventsourcing.event_store import AggregateKey, EventStore, RecordedEvent
from shared.runtime.form_pages import NotJustNowError
from shared.web.answers import NOT_KEPT
from shared.web.guard import session_of
from shared.web.ids import id_in

GOOD_FOR_S = 600
"""For which who was shown the words can have the files: looking takes a while."""

OF_OPENINGS, OF_DESK = "/openings/files", "/desk/{report}/files/{digest}/{which}"
WHICH = ("preview", "whole")


class FileShown(NamedTuple):
    """Addresses below ours; `preview` is none where there is nothing to see at once. `act` is what
    an editor may do with it."""

    preview: str
    whole: str
    kind: str
    act: str = ""


@dataclass(frozen=True)
class FilesShown:
    """`closed` needs no keys."""

    desk: StaffDesk
    files: Files
    closed: EventStore

    def routes(self) -> list[Route]:
        guard = self.desk.guard
        read, look = guard.requires(*OPENERS), guard.requires(*AT_DESK)
        return [
            Route(f"{OF_OPENINGS}/{{ticket}}", read(self.after_opening)),
            Route(OF_DESK, look(self.of_an_open_one)),
        ]

    async def after(
        self, request: Request, report_id: str, media_types: Sequence[str]
    ) -> list[FileShown]:
        """`media_types` are what the files are, in their order, as was opened. Whoever else has
        these addresses is shown nothing, and nobody is for long."""
        cookies = self.desk.frame.forms.cookies

        def address(digest: str, which: str) -> str:
            word = cookies.sign(_purpose(request), [report_id, digest, which])
            return f"{OF_OPENINGS}/{word}"

        found = attached_in(await self.history(report_id))
        return [
            FileShown(
                address(each.digest, "preview") if media_type.startswith("image/") else "",
                address(each.digest, "whole"),
                media_type.rpartition("/")[2].upper(),
            )
            for each, media_type in zip(found, media_types, strict=False)
        ]

    async def after_opening(self, request: Request) -> Response:
        cookies, word = self.desk.frame.forms.cookies, request.path_params["ticket"]
        said = cookies.signed(_purpose(request), word, GOOD_FOR_S)
        if said is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return await self.file(*said)

    async def of_an_open_one(self, request: Request) -> Response:
        report_id, digest = id_in(request, "report"), request.path_params["digest"]
        which = request.path_params["which"]
        if not fullmatch(ID_PATTERN, digest) or which not in WHICH:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        events = await self.history(report_id)
        if not any(each.digest == digest for each in open_files(events)):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return await self.file(report_id, digest, which)

    async def history(self, report_id: str) -> Sequence[RecordedEvent]:
        try:
            return await self.closed.load(AggregateKey("intake", "report", report_id))
        except TryLaterError:
            raise NotJustNowError from None

    async def file(self, whose: str, digest: str, which: str) -> Response:
        """Of a report, or of what a checker found."""
        asked = self.files.preview if which == "preview" else self.files.whole
        try:
            content = await asked(whose, digest)
        except TryLaterError:
            raise NotJustNowError from None
        if content is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        kind = kind_of(content)
        how = "attachment" if kind == "pdf" else "inline"
        headers = {"Content-Disposition": f'{how}; filename="{digest[:8]}.{kind}"'}
        return Response(content, headers=NOT_KEPT | headers, media_type=MEDIA_TYPES[kind])


def attached_in(events: Sequence[RecordedEvent]) -> list[FileAttached]:
    return [each.event for each in events if isinstance(each.event, FileAttached)]


def open_files(events: Sequence[RecordedEvent]) -> list[FileAttached]:
    """Those that everybody at the desk may see: where a picture was made is as much as a point, so
    of what is protected there are none."""
    filed = [each.event for each in events if isinstance(each.event, ReportFiled)]
    is_open = any(not each.confidential and not each.protected for each in filed)
    return attached_in(events) if is_open else []


def _purpose(request: Request) -> str:
    return f"files shown to {session_of(request).who}"
