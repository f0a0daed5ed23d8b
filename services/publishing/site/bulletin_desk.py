"""Bulletins in the newsroom: composed, looked at with why each item stands there, and issued."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.publishing.domain.bulletin_state import Bulletin
from services.publishing.domain.share import lacking, measured
from services.publishing.newsroom.bulletins import EDITOR, Bulletins
from services.publishing.newsroom.lines import Lines
from services.publishing.projections import issues
from services.publishing.site.asking import sequence_of
from services.publishing.site.bulletin_forms import (
    ACTS,
    DONE,
    BulletinForms,
    Composed,
    command_of,
)
from services.publishing.site.bulletin_words import (
    CHOSEN,
    ISSUE_ACTS,
    ISSUE_HAPPENED,
    ISSUE_STAGES,
)
from services.publishing.site.newsroom_pages import BOTH, LOOKS
from services.publishing.site.sorry import NotFoundError
from shared.contracts.bulletin import BulletinEvent, Item
from shared.eventsourcing.event_store import RecordedEvent
from shared.web.guard import session_of
from shared.web.language import Marked, marked

PATH = "/newsroom/bulletins"
SHOWN = 50
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
COMPOSED = marked("It is composed. A second person has to read it.")
Titles = Callable[[Sequence[str]], Awaitable[Mapping[str, str]]]


@dataclass(frozen=True)
class BulletinDesk:
    """`room` is none where the charter says nothing of bulletins; `titles` are of words by id."""

    forms: BulletinForms
    room: Bulletins | None
    titles: Titles
    lines: Lines
    now: Callable[[], datetime]

    def routes(self) -> list[Route]:
        forms = self.forms
        look, do = forms.guard.requires(*LOOKS), forms.guard.requires(EDITOR)
        one = f"{PATH}/{{number}}"
        return [
            Route(PATH, look(self.desk)),
            Route(f"{one}/compose", do(forms.either(self.ask, self.compose)), methods=BOTH),
            Route(one, look(self.show)),
            Route(f"{one}/{{act}}", do(forms.either(self.ask_act, self.act)), methods=BOTH),
        ]

    async def desk(self, request: Request) -> Response:
        rows = await self.room.ask(issues.newest, SHOWN) if self.room else []
        return self.forms.form(
            request,
            "newsroom-bulletins.html",
            issues=rows,
            following=rows[0]["number"] + 1 if rows else 1,
            has_terms=self.room is not None,
            is_editor=EDITOR in self.forms.guard.roles_of(session_of(request)),
            stages=self._say(ISSUE_STAGES),
        )

    async def ask(self, request: Request) -> Response:
        """With what it was composed of last; a new one follows the one before."""
        room, number, bulletin, _ = await self._one(request)
        if before := bulletin.composed:
            days, items = (before.first, before.last), len(before.items)
        else:
            days, items = await self._days(room, number), room.items
        fields = {"first": str(days[0]), "last": str(days[1]), "items": str(items)}
        fields |= {"edition": str(bulletin.edition + 1)}
        return self._asking(request, "newsroom-compose.html", fields, {}, number)

    async def compose(self, request: Request, fields: dict[str, str]) -> Response:
        room, number, _, _ = await self._one(request)
        typed = self.forms.filled(Composed, fields)
        if isinstance(typed, dict):
            return self._asking(request, "newsroom-compose.html", fields, typed, number)
        asked = typed.asked
        if asked is None:
            wrong = {"last": self.forms.words["last"]}
            return self._asking(request, "newsroom-compose.html", fields, wrong, number)
        doing = room.compose(session_of(request), typed.once, number, typed.edition, asked)
        await self.forms.done(doing)
        return self.forms.lead_saying(request, f"{PATH}/{number}", COMPOSED)

    async def show(self, request: Request) -> Response:
        _, number, bulletin, history = await self._one(request)
        composed = bulletin.composed
        of = (composed.items, composed.heard, composed.terms) if composed else None
        return self.forms.form(
            request,
            "newsroom-bulletin.html",
            number=number,
            bulletin=bulletin,
            composed=composed,
            titles=await self._titles(composed.items) if composed else {},
            measures=measured(*of) if of else [],
            lacks=lacking(*of) if of else [],
            history=[each.event for each in history if isinstance(each.event, BulletinEvent)],
            is_editor=EDITOR in self.forms.guard.roles_of(session_of(request)),
            is_own=composed is not None and composed.by == session_of(request).login_id,
            stages=self._say(ISSUE_STAGES),
            chosen=self._say(CHOSEN),
            happened=self._say(ISSUE_HAPPENED),
        )

    async def ask_act(self, request: Request) -> Response:
        return await self._act_form(request, {}, {})

    async def act(self, request: Request, fields: dict[str, str]) -> Response:
        room, number, _, _ = await self._one(request, is_there=True)
        act, session = _act_in(request), session_of(request)
        given = {name: text for name, text in fields.items() if text}
        typed = self.forms.filled(ACTS[act], given)
        if isinstance(typed, dict):
            return await self._act_form(request, fields, typed)
        command = command_of(number, session.login_id, self.now(), typed)
        await self.forms.done(room.give(command, session))
        return self.forms.lead_saying(request, f"{PATH}/{number}", DONE[act])

    async def _act_form(
        self, request: Request, fields: Mapping[str, str], errors: Mapping[str, Marked]
    ) -> Response:
        act = _act_in(request)
        _, number, bulletin, _ = await self._one(request, is_there=True)
        composed = bulletin.composed
        lacks = lacking(composed.items, composed.heard, composed.terms) if composed else []
        facts = {"act": act, "called": self._say(ISSUE_ACTS)[act], "bulletin": bulletin}
        return self._asking(
            request, "newsroom-bulletin-act.html", fields, errors, number, lacks=lacks, **facts
        )

    async def _one(
        self, request: Request, *, is_there: bool = False
    ) -> tuple[Bulletins, int, Bulletin, Sequence[RecordedEvent]]:
        """One that there is, or the next one. Raises HTTPException, NotFoundError."""
        number = sequence_of(request.path_params["number"])
        if self.room is None or not number or number >= 2**31:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        bulletin, history = await self.room.one(number)
        if not history:
            last = await self.room.ask(issues.last_number)
            is_asked_for = request.url.path.endswith("/compose")
            if is_there or not is_asked_for or number != last + 1:
                raise NotFoundError
        return self.room, number, bulletin, history

    async def _days(self, room: Bulletins, number: int) -> tuple[date, date]:
        """From where the one before ended up to yesterday."""
        yesterday = self.now().astimezone(self.forms.frame.language.zone).date() - A_DAY
        before = await room.ask(issues.last_day, number)
        first = before + A_DAY if before else yesterday - A_WEEK + A_DAY
        return min(first, yesterday), yesterday

    async def _titles(self, items: Sequence[Item]) -> dict[str, str]:
        said = await self.titles([each.words for each in items if each.words])
        return {
            each.id: said.get(each.words, "")
            if each.words
            else self.lines.of(each.news, each.place, each.sector, each.on)
            for each in items
        }

    def _asking(
        self,
        request: Request,
        template: str,
        fields: Mapping[str, str],
        errors: Mapping[str, Marked],
        number: int,
        **facts: Any,
    ) -> Response:
        return self.forms.asking(request, template, fields, errors, number=number, **facts)

    def _say(self, words: Mapping[str, Marked]) -> dict[str, str]:
        return {name: self.forms.frame.language.gettext(text) for name, text in words.items()}


def _act_in(request: Request) -> str:
    act: str = request.path_params["act"]
    if act not in ACTS:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return act
