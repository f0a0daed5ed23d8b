"""The newsroom: what is worth a story and why, and each story from its proposal to its end."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.publishing.domain.story_state import Story
from services.publishing.newsroom.doing import EDITOR, Newsroom, Proposal, Text
from services.publishing.newsroom.prose import as_html
from services.publishing.site.newsroom_forms import (
    ACTS,
    DONE,
    NewsroomForms,
    Proposed,
    Withdrawn,
    Written,
    command_of,
)
from services.publishing.site.newsroom_words import CALLED, HAPPENED, KINDS, STAGES, WHY
from shared.contracts.place import EVERYWHERE
from shared.contracts.roles import Role
from shared.contracts.story import Cited, StoryEvent
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Row
from shared.web.guard import session_of
from shared.web.ids import id_in
from shared.web.language import Marked, marked

PATH = "/newsroom"
LOOKS: tuple[Role, ...] = ("editor", "auditor")
BOTH = ["GET", "POST"]
PROPOSED = marked("It is proposed. Now somebody can write it.")
WRITTEN = marked("It is written down. A second person has to read it.")
UNKNOWN = marked("One of these ids is nothing that is worth a story, or not any more.")


@dataclass(frozen=True)
class NewsroomRows:
    """Asked of the rows: what is worth a story, by kind and place; some of that by id; stories that
    moved last; which of some things were used; by which address readers see a text."""

    worth: Callable[[str, str], Awaitable[list[Row]]]
    these: Callable[[Sequence[str]], Awaitable[dict[str, Row]]]
    moved: Callable[[], Awaitable[list[Row]]]
    used: Callable[[Sequence[str]], Awaitable[set[str]]]
    address: Callable[[str], Awaitable[str | None]]


@dataclass(frozen=True)
class NewsroomPages:
    """`places` are names by code."""

    forms: NewsroomForms
    newsroom: Newsroom
    rows: NewsroomRows
    places: Mapping[str, str]
    now: Callable[[], datetime]

    def routes(self) -> list[Route]:
        forms = self.forms
        look, do = forms.guard.requires(*LOOKS), forms.guard.requires(EDITOR)
        one = f"{PATH}/{{story}}"
        return [
            Route(PATH, look(self.desk)),
            Route(f"{PATH}/propose", do(forms.either(self.ask, self.propose)), methods=BOTH),
            Route(one, look(self.show)),
            Route(f"{one}/text", do(forms.either(self.ask_text, self.write)), methods=BOTH),
            Route(f"{one}/{{act}}", do(forms.either(self.ask_act, self.act)), methods=BOTH),
        ]

    async def desk(self, request: Request) -> Response:
        """What is no such filter is none."""
        kind, place = (request.query_params.get(name, "") for name in ("kind", "place"))
        kind, place = kind if kind in KINDS else "", place if place in self.places else ""
        rows = await self.rows.worth(kind, place)
        moved = await self.rows.moved()
        said = await self.newsroom.words.some([row["words"] for row in moved if row["words"]])
        return self.forms.form(
            request,
            "newsroom.html",
            {"kind": kind, "place": place},
            worth=rows,
            used=await self.rows.used([row["thing"] for row in rows]),
            stories=moved,
            titles={key: words.title for key, words in said.items()},
            is_editor=self._is_editor(request),
            places=self.places,
            **self._said(),
        )

    async def ask(self, request: Request) -> Response:
        return self._asking(request, "newsroom-propose.html", dict(request.query_params), {})

    async def propose(self, request: Request, fields: dict[str, str]) -> Response:
        typed = self.forms.filled(Proposed, fields)
        if isinstance(typed, dict):
            return self._asking(request, "newsroom-propose.html", fields, typed)
        ids = list(dict.fromkeys(typed.sources.split()))
        there = await self.rows.these(ids)
        wrong = {} if len(there) == len(ids) else {"sources": UNKNOWN}
        if typed.place and typed.place not in self.places:
            wrong["place"] = self.forms.words["place"]
        if wrong:
            return self._asking(request, "newsroom-propose.html", fields, wrong)
        rows = [there[each] for each in ids]
        proposal = Proposal(
            [typed.place] if typed.place else [row["place"] or EVERYWHERE for row in rows],
            [row["sector"] for row in rows if row["sector"]][:10],
            [_cited(row) for row in rows],
        )
        story_id = await self.forms.done(
            self.newsroom.propose(session_of(request), typed.once, proposal)
        )
        return self.forms.lead_saying(request, f"{PATH}/{story_id}", PROPOSED)

    async def show(self, request: Request) -> Response:
        story_id, story, history = await self._one(request)
        draft = story.draft
        said = (await self.newsroom.words.some([draft.words])) if draft else {}
        words = said.get(draft.words) if draft else None
        names = [each.event for each in history if isinstance(each.event, StoryEvent)]
        return self.forms.form(
            request,
            "newsroom-story.html",
            story_id=story_id,
            story=story,
            draft=draft,
            title=words.title if words else "",
            prose=as_html(words.text) if words else "",
            history=names,
            address=await self.rows.address(draft.words) if draft else None,
            is_editor=self._is_editor(request),
            is_own=draft is not None and draft.by == session_of(request).login_id,
            **self._said(),
        )

    async def ask_text(self, request: Request) -> Response:
        """With what was written last."""
        _, story, _ = await self._one(request)
        fields = {"tongue": self.forms.frame.language.tag}
        if draft := story.draft:
            words = (await self.newsroom.words.some([draft.words])).get(draft.words)
            fields = {"tongue": draft.tongue}
            fields |= {"title": words.title, "text": words.text} if words else {}
        return self._asking(request, "newsroom-text.html", fields, {})

    async def write(self, request: Request, fields: dict[str, str]) -> Response:
        story_id, _, _ = await self._one(request)
        fields = fields | {"text": fields.get("text", "").replace("\r\n", "\n")}
        typed = self.forms.filled(Written, fields)
        if isinstance(typed, dict):
            return self._asking(request, "newsroom-text.html", fields, typed)
        text = Text(typed.title, typed.text, typed.tongue)
        session = session_of(request)
        await self.forms.done(self.newsroom.draft(session, story_id, typed.once, text))
        return self.forms.lead_saying(request, f"{PATH}/{story_id}", WRITTEN)

    async def ask_act(self, request: Request) -> Response:
        return await self._act_form(request, {}, {})

    async def act(self, request: Request, fields: dict[str, str]) -> Response:
        story_id, _, _ = await self._one(request)
        act, session = _act_in(request), session_of(request)
        given = {name: text for name, text in fields.items() if text}
        typed = self.forms.filled(ACTS[act], given)
        if isinstance(typed, dict):
            return await self._act_form(request, fields, typed)
        if isinstance(typed, Withdrawn):
            doing = self.newsroom.withdraw(session, story_id, typed.reason)
        else:
            zone = self.forms.frame.language.zone
            command = command_of(story_id, session.login_id, self.now(), typed, zone)
            doing = self.newsroom.give(command, session)
        await self.forms.done(doing)
        return self.forms.lead_saying(request, f"{PATH}/{story_id}", DONE[act])

    async def _act_form(
        self, request: Request, fields: Mapping[str, str], errors: Mapping[str, Marked]
    ) -> Response:
        act = _act_in(request)
        _, story, _ = await self._one(request)
        facts = {"act": act, "called": self._say(CALLED)[act], "story": story}
        return self._asking(request, "newsroom-act.html", fields, errors, **facts)

    async def _one(self, request: Request) -> tuple[str, Story, Sequence[RecordedEvent]]:
        """Raises HTTPException."""
        story_id = id_in(request, "story")
        story, history = await self.newsroom.one(story_id)
        if story.proposed is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return story_id, story, history

    def _asking(
        self,
        request: Request,
        template: str,
        fields: Mapping[str, str],
        errors: Mapping[str, Marked],
        **facts: Any,
    ) -> Response:
        facts |= {"story_id": request.path_params.get("story", ""), "places": self.places}
        return self.forms.asking(request, template, fields, errors, **facts)

    def _is_editor(self, request: Request) -> bool:
        return EDITOR in self.forms.guard.roles_of(session_of(request))

    def _said(self) -> dict[str, Any]:
        return {
            "kinds": self._say(KINDS),
            "whys": self._say(WHY),
            "stages": self._say(STAGES),
            "happened": self._say(HAPPENED),
        }

    def _say(self, words: Mapping[str, Marked]) -> dict[str, str]:
        return {name: self.forms.frame.language.gettext(text) for name, text in words.items()}


def _cited(row: Row) -> Cited:
    return Cited(
        kind=row["kind"],
        id=row["thing"],
        event=row["event_id"],
        sequence=row["sequence"],
        on=row["on"],
    )


def _act_in(request: Request) -> str:
    act: str = request.path_params["act"]
    if act not in ACTS:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return act
