"""One report on the desk: its history, what is like it, and what an inspector decides about it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from secrets import token_hex
from typing import Any

from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.by_staff import EDITOR
from services.intake.deciding import INSPECTOR, Deciding, MovedOnError
from services.intake.site.desk_acts import TYPED, Committed, Merged, command_of
from services.intake.site.desk_history import Standing, standing, told
from services.intake.site.desk_list import PATH
from services.intake.site.desk_live import DeskLive
from services.intake.site.desk_words import ACTS, STATES
from services.intake.site.file_acts import ACTS as FILE_ACTS
from services.intake.site.file_acts import acts_of
from services.intake.site.files_shown import FileShown, attached_in, open_files
from services.intake.site.naming import report_id_of
from services.intake.site.openings_page import NO_REPORT
from services.intake.site.staff_desk import AT_DESK, StaffDesk
from shared.contracts.party import NO_PARTIES, Parties
from shared.contracts.report import FileAttached
from shared.contracts.roles import Role
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Row
from shared.web.guard import session_of
from shared.web.ids import id_in
from shared.web.language import marked
from shared.web.lines import plain_lines

OVER = marked("This day is over. Choose one that is still to come, or today.")


def _shown(file: FileAttached, may: Mapping[str, str]) -> FileShown:
    """What a file is nobody knows here; where there is no preview its name is seen."""
    first = f"{PATH}/{file.report_id}/files/{file.digest}"
    return FileShown(f"{first}/preview", f"{first}/whole", "", may.get(file.digest, ""))


@dataclass(frozen=True)
class DeskReport:
    """`near` gives what is like a report within a time; `led_to` the commitments made of it."""

    desk: StaffDesk
    deciding: Deciding
    places: Mapping[str, str]
    sectors: Mapping[str, str]
    near: Callable[[str, timedelta], Awaitable[Sequence[Row]]]
    within: timedelta
    led_to: Callable[[str], Awaitable[Sequence[Row]]]
    live: DeskLive
    parties: Parties = NO_PARTIES

    def routes(self) -> list[Route]:
        guard = self.desk.guard
        look, do = guard.requires(*AT_DESK), guard.requires(INSPECTOR)
        act = do(self.desk.either(self.ask, self.act))
        return [
            Route(f"{PATH}/{{report}}", look(self.show)),
            Route(f"{PATH}/{{report}}/{{act}}", act, methods=["GET", "POST"]),
        ]

    async def show(self, request: Request) -> Response:
        events = await self._events(request)
        now, may = standing(events), self._is(request, INSPECTOR)
        report_id = now.filed.report_id
        await self.live.looks(request, report_id)
        others = self.live.others(request, report_id)
        return self._page(
            request,
            "desk-report.html",
            now,
            history=self._history(events),
            near=await self.near(report_id, self.within),
            commitments=await self.led_to(report_id),
            seen=_seen(request, now.seen),
            others=[self.deciding.name_of(who) for who in others],
            files=[_shown(each, acts_of(events)) for each in open_files(events)],
            file_acts=FILE_ACTS if self._is(request, EDITOR) else {},
            sealed_files=len(attached_in(events)) - len(open_files(events)),
            acts={act: self._say(ACTS[act]) for act in now.acts} if may else {},
        )

    async def ask(self, request: Request) -> Response:
        """It is about what they saw when they chose it."""
        now = standing(await self._events(request))
        await self.live.looks(request, now.filed.report_id)
        fields = {"seen": str(now.seen), "once": token_hex(16)}
        asked = {name: request.query_params.get(name, "") for name in ("seen", "original")}
        fields |= {name: text for name, text in asked.items() if text}
        return self._asking(request, now, fields, {})

    async def act(self, request: Request, fields: dict[str, str]) -> Response:
        events, act = await self._events(request), self._act(request)
        now, who = standing(events), session_of(request).who
        if "answer" in fields:
            fields["answer"] = plain_lines(fields["answer"])
        typed = self.desk.filled(TYPED[act], fields)
        wrong = typed if isinstance(typed, dict) else await self._wrong(typed)
        if isinstance(typed, dict) or wrong:
            return self._asking(request, now, fields, wrong)
        if isinstance(typed, Committed):
            owner = self.parties.owner(typed.owner)
            typed = typed.model_copy(update={"owner": owner})
        at, zone = self.deciding.now(), self.desk.frame.language.zone
        command = command_of(act, typed, now.filed, at, zone)
        seen: int = getattr(typed, "seen")  # noqa: B009  all of them have it
        doing = self.deciding.act(who, now.filed.report_id, seen, command)
        try:
            changed = await self.desk.done(doing)
        except MovedOnError as moved:
            status, since = HTTPStatus.CONFLICT, self._history(moved.since)
            return self._page(request, "desk-moved.html", now, status, since=since)
        here = f"{PATH}/{now.filed.report_id}"
        before = marked("It was so already: nothing changed.")
        return self.desk.lead_saying(request, here, marked("It is done.") if changed else before)

    async def _wrong(self, typed: BaseModel) -> dict[str, Any]:
        """A source may name what it files later, and tell what was due long ago; somebody at the
        desk has made a mistake."""
        if isinstance(typed, Committed):
            today = self.desk.frame.language.on_day(self.deciding.now())
            return {"due": OVER} if typed.due < today else {}
        if not isinstance(typed, Merged):
            return {}
        there = await self.deciding.history(report_id_of(typed.original))
        return {} if there else {"original": NO_REPORT}

    async def _events(self, request: Request) -> Sequence[RecordedEvent]:
        events = await self.deciding.history(id_in(request, "report"))
        if not events:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return events

    def _act(self, request: Request) -> str:
        act: str = request.path_params["act"]
        if act not in ACTS:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return act

    def _is(self, request: Request, role: Role) -> bool:
        return role in self.desk.guard.roles_of(session_of(request))

    def _history(self, events: Sequence[RecordedEvent]) -> list[tuple[str, Any]]:
        return [(self._say(each.what), each) for each in told(events, self.deciding.names())]

    def _say(self, text: str) -> str:
        return self.desk.frame.language.gettext(text)

    def _asking(
        self, request: Request, now: Standing, fields: Mapping[str, str], errors: Mapping[str, str]
    ) -> Response:
        act = self._act(request)
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        words = self._say(ACTS[act])
        return self._page(
            request, "desk-act.html", now, status, fields, errors, act=act, words=words
        )

    def _page(
        self,
        request: Request,
        template: str,
        now: Standing,
        status: int = HTTPStatus.OK,
        fields: Mapping[str, str] | None = None,
        errors: Mapping[str, str] | None = None,
        **facts: Any,
    ) -> Response:
        where = self.places.get(now.filed.place, now.filed.place)
        what = self.sectors.get(now.filed.sector, now.filed.sector)
        facts |= {"now": now, "where": where, "what": what}
        facts |= {"states": {state: self._say(text) for state, text in STATES.items()}}
        return self.desk.form(request, template, fields, errors, status, **facts)


def _seen(request: Request, there_are: int) -> int:
    """An open page asks with how many it showed when it was opened."""
    said = request.query_params.get("seen", "")
    known = said.isascii() and said.isdigit() and len(said) <= len(str(there_are))
    return min(int(said), there_are) if known else there_are
