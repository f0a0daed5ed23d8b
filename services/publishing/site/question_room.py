"""Where members ask, join and say what they think of an answer, and staff note what was asked."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.publishing.domain.question import WithdrawQuestion
from services.publishing.domain.question_state import Question
from services.publishing.newsroom.questioning import Questions, Wanted
from services.publishing.site.question_forms import Act, Asked, QuestionForms, act_of_member
from services.publishing.site.question_pages import QUESTIONS
from services.publishing.site.question_words import DONE, RATINGS, STATES
from shared.contracts.roles import MEMBER, Role
from shared.eventsourcing.projections.read_model import Row
from shared.web.guard import session_of
from shared.web.ids import id_in
from shared.web.language import Marked, marked

DESK = "/newsroom/questions"
NOTE: tuple[Role, ...] = ("editor", "operator", "inspector", "placer")
BOTH = ["GET", "POST"]
OWN_SHOWN = 100
ASKED = marked("It is asked. Once an editor has read it, it is public and an answer is owed.")
NOTED = marked("It is noted. Once an editor has read it, it is public and an answer is owed.")


@dataclass(frozen=True)
class QuestionRoom:
    """`places` and `sectors` are names by code; `societies` are rows of those among some ids,
    `of` those of somebody's questions."""

    forms: QuestionForms
    questions: Questions
    societies: Callable[[Sequence[str]], Awaitable[Mapping[str, Row]]]
    of: Callable[[str, int], Awaitable[list[Row]]]
    places: Mapping[str, str]
    sectors: Mapping[str, str]

    def routes(self) -> list[Route]:
        forms = self.forms
        own, note = forms.guard.requires(MEMBER), forms.guard.requires(*NOTE)
        mine = f"{QUESTIONS}/{{question}}/mine"
        return [
            Route(f"{QUESTIONS}/ask", own(forms.either(self.form, self.ask)), methods=BOTH),
            Route(f"{DESK}/ask", note(forms.either(self.form, self.ask)), methods=BOTH),
            Route(f"{QUESTIONS}/own", own(self.own)),
            Route(mine, own(forms.either(self.mine, self.act)), methods=BOTH),
        ]

    async def form(self, request: Request) -> Response:
        """What it is about a link may say; words, and which form it is, none."""
        given = request.query_params
        fields = {name: given[name] for name in ("place", "sector") if name in given}
        fields["tongue"] = self.forms.frame.language.tag
        return self._asking(request, fields, {})

    async def ask(self, request: Request, fields: dict[str, str]) -> Response:
        fields = fields | {"text": fields.get("text", "").replace("\r\n", "\n")}
        typed = self.forms.filled(Asked, fields)
        if isinstance(typed, dict):
            return self._asking(request, fields, typed)
        session = session_of(request)
        is_member = session.holder == MEMBER
        society = "" if is_member else typed.society
        wrong = await self._unknown(typed, society)
        if wrong:
            return self._asking(request, fields, wrong)
        met_on = typed.met_on if isinstance(typed.met_on, date) else None
        what = typed.title, typed.text, typed.tongue, typed.place, typed.sector
        asking = self.questions.ask(session, typed.once, Wanted(*what, met_on, society))
        question_id = await self.forms.done(asking)
        if is_member:
            return self.forms.lead_saying(request, f"{QUESTIONS}/{question_id}/mine", ASKED)
        return self.forms.lead_saying(request, DESK, NOTED)

    async def own(self, request: Request) -> Response:
        """What came of what somebody asked or joined, for nobody but them."""
        rows = await self.of(session_of(request).login_id, OWN_SHOWN)
        said = await self.questions.words.some([row["words"] for row in rows if not row["is_gone"]])
        return self.forms.form(
            request,
            "question-own.html",
            {},
            own=rows,
            titles={key: text.title for key, text in said.items()},
            places=self.places,
            states=self._say(STATES),
        )

    async def mine(self, request: Request) -> Response:
        """What one member has to do with it. Of one that no editor has read only who asked it is
        told that it is there."""
        return await self._mine(request, {})

    async def act(self, request: Request, fields: dict[str, str]) -> Response:
        question_id, _ = await self._one(request)
        given = {name: text for name, text in fields.items() if text}
        typed = self.forms.filled(Act, given)
        if isinstance(typed, dict):
            return await self._mine(request, typed)
        session, now = session_of(request), self.questions.now()
        command = act_of_member(question_id, session.login_id, now, typed)
        if command is None:
            return await self._mine(request, {"rating": self.forms.words["rating"]})
        if isinstance(command, WithdrawQuestion):
            await self.forms.done(self.questions.take_away(session, command))
        else:
            await self.forms.done(self.questions.give(command, session))
        path = f"{QUESTIONS}/{question_id}/mine"
        return self.forms.lead_saying(request, path, DONE[typed.act])

    async def _mine(self, request: Request, errors: Mapping[str, Marked]) -> Response:
        question_id, question = await self._one(request)
        asked, who = question.asked, session_of(request).login_id
        ids = [asked.words] if asked and not question.gone else []
        said = await self.questions.words.some(ids)
        text = said.get(ids[0]) if ids else None
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        return self.forms.form(
            request,
            "question-mine.html",
            {},
            errors,
            status,
            question_id=question_id,
            question=question,
            text=text,
            is_asker=bool(asked and asked.by == who),
            is_voice=who in question.voices,
            rating=question.ratings.get(who, ""),
            states=self._say(STATES),
            ratings=self._say(RATINGS),
        )

    async def _one(self, request: Request) -> tuple[str, Question]:
        """Raises HTTPException."""
        question_id = id_in(request, "question")
        question, _ = await self.questions.one(question_id)
        asked, who = question.asked, session_of(request).login_id
        is_shown = question.life in ("open", "answered")
        if asked is None or not (is_shown or asked.by == who):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return question_id, question

    async def _unknown(self, typed: Asked, society: str) -> dict[str, Marked]:
        """Fields that name what is not there."""
        words = self.forms.words
        wrong = {} if typed.place in self.places else {"place": words["place"]}
        if typed.sector not in self.sectors:
            wrong["sector"] = words["sector"]
        if society:
            found = (await self.societies([society])).get(society)
            if found is None or found["kind"] != "society":
                wrong["society"] = words["society"]
        return wrong

    def _asking(
        self, request: Request, fields: Mapping[str, str], errors: Mapping[str, Marked]
    ) -> Response:
        facts: dict[str, Any] = {"places": self.places, "sectors": self.sectors}
        facts["is_member"] = session_of(request).holder == MEMBER
        facts["days"] = self.questions.terms.answer_days
        return self.forms.asking(request, "question-ask.html", fields, errors, **facts)

    def _say(self, words: Mapping[str, Marked]) -> dict[str, str]:
        return {name: self.forms.frame.language.gettext(text) for name, text in words.items()}
