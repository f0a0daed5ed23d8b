"""The desk of questions: editors let them through or not, answer them, and take abuse away."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.publishing.domain.question_state import Question
from services.publishing.newsroom.doing import EDITOR
from services.publishing.newsroom.prose import as_html
from services.publishing.newsroom.questioning import Answer, Questions
from services.publishing.site.newsroom_pages import LOOKS
from services.publishing.site.question_forms import (
    ACTS,
    Answered,
    Passed,
    QuestionForms,
    act_of_staff,
)
from services.publishing.site.question_room import BOTH, DESK
from services.publishing.site.question_words import CALLED, DONE, HAPPENED, STATES, WAYS, WHY_NOT
from shared.contracts.question import QuestionEvent
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Row
from shared.web.guard import session_of
from shared.web.ids import id_in
from shared.web.language import Marked

SHOWN = 50


@dataclass(frozen=True)
class QuestionDesk:
    """`of_state` gives rows, those that wait longest first. `places` and `sectors` are names by
    code."""

    forms: QuestionForms
    questions: Questions
    of_state: Callable[[str, int], Awaitable[list[Row]]]
    places: Mapping[str, str]
    sectors: Mapping[str, str]

    def routes(self) -> list[Route]:
        forms = self.forms
        look, do = forms.guard.requires(*LOOKS), forms.guard.requires(EDITOR)
        one = f"{DESK}/{{question}}"
        return [
            Route(DESK, look(self.desk)),
            Route(one, look(self.show)),
            Route(f"{one}/{{act}}", do(forms.either(self.ask_act, self.act)), methods=BOTH),
        ]

    async def desk(self, request: Request) -> Response:
        asked, waiting = [await self.of_state(state, SHOWN) for state in ("asked", "open")]
        rows = [*asked, *waiting]
        said = await self.questions.words.some([row["words"] for row in rows])
        return self.forms.form(
            request,
            "question-desk.html",
            {},
            asked=asked,
            waiting=waiting,
            titles={key: text.title for key, text in said.items()},
            places=self.places,
            now=self.questions.now(),
            ways=self._say(WAYS),
        )

    async def show(self, request: Request) -> Response:
        question_id, question, history = await self._one(request)
        answers = list(question.answers)
        asked = question.asked
        ids = [asked.words, *answers] if asked else answers
        said = await self.questions.words.some(ids)
        text = said.get(asked.words) if asked else None
        names = [each.event for each in history if isinstance(each.event, QuestionEvent)]
        editor = EDITOR in self.forms.guard.roles_of(session_of(request))
        return self.forms.form(
            request,
            "question-worked.html",
            {},
            question_id=question_id,
            question=question,
            text=text,
            prose=as_html(text.text) if text else "",
            answer=as_html(said[answers[-1]].text) if answers and answers[-1] in said else "",
            history=[each for each in names if type(each).__name__ in HAPPENED],
            is_editor=editor,
            is_own=bool(asked and asked.by == session_of(request).login_id),
            places=self.places,
            sectors=self.sectors,
            states=self._say(STATES),
            ways=self._say(WAYS),
            happened=self._say(HAPPENED),
        )

    async def ask_act(self, request: Request) -> Response:
        return await self._act_form(request, {}, {})

    async def act(self, request: Request, fields: dict[str, str]) -> Response:
        question_id, _, _ = await self._one(request)
        act, session = _act_in(request), session_of(request)
        fields = fields | {"text": fields.get("text", "").replace("\r\n", "\n")}
        typed = self.forms.filled(ACTS[act], {name: text for name, text in fields.items() if text})
        if isinstance(typed, dict):
            return await self._act_form(request, fields, typed)
        if isinstance(typed, Answered):
            if typed.office not in self.questions.terms.answering:
                wrong = {"office": self.forms.words["office"]}
                return await self._act_form(request, fields, wrong)
            said = Answer(typed.number, typed.office, typed.text, typed.tongue, typed.why)
            await self.forms.done(self.questions.answer(session, question_id, typed.once, said))
        else:
            command = act_of_staff(question_id, session.login_id, self.questions.now(), typed)
            does = self.questions
            do = does.let_through if isinstance(typed, Passed) else does.take_away
            await self.forms.done(do(session, command))
        return self.forms.lead_saying(request, f"{DESK}/{question_id}", DONE[act])

    async def _act_form(
        self, request: Request, fields: Mapping[str, str], errors: Mapping[str, Marked]
    ) -> Response:
        act = _act_in(request)
        question_id, question, _ = await self._one(request)
        asked = question.asked
        said = await self.questions.words.some([asked.words] if asked else [])
        offices = self.questions.terms.answering
        facts: dict[str, Any] = {
            "question_id": question_id,
            "question": question,
            "act": act,
            "called": self._say(CALLED)[act],
            "titles": [text.title for text in said.values()],
            "offices": {each: each for each in offices},
            "whys": self._say(WHY_NOT),
        }
        tongue = asked.tongue if asked else self.forms.frame.language.tag
        typed = {"tongue": tongue, "number": str(len(question.answers) + 1)} | dict(fields)
        return self.forms.asking(request, "question-act.html", typed, errors, **facts)

    async def _one(self, request: Request) -> tuple[str, Question, Sequence[RecordedEvent]]:
        """Raises HTTPException."""
        question_id = id_in(request, "question")
        question, history = await self.questions.one(question_id)
        if question.asked is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return question_id, question, history

    def _say(self, words: Mapping[str, Marked]) -> dict[str, str]:
        return {name: self.forms.frame.language.gettext(text) for name, text in words.items()}


def _act_in(request: Request) -> str:
    act: str = request.path_params["act"]
    if act not in ACTS:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return act
