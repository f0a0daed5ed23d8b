"""The page of a petition, for everybody; where members sign, and the body answers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.domain.petition import HidePetition
from services.promotion.site.petition_desk import PATH, STATES, PetitionDesk, path_of, state_of
from services.promotion.site.petition_forms import Answer, Reason
from services.promotion.site.society_desk import typed_lines
from shared.contracts.roles import MEMBER
from shared.web.guard import session_of
from shared.web.language import Marked, marked

BOTH = ["GET", "POST"]
ANSWER, HIDE = "petition-answer.html", "petition-hide.html"
ANSWERERS, HIDERS = ("editor",), ("editor", "operator")
SIGNED = marked("You support it. Nobody but you is told so.")
WITHDRAWN = marked("You support it no more.")
ANSWERED = marked("It is answered, and everybody reads it.")
HIDDEN = marked("Its words are hidden. What it obliges to, stays.")


@dataclass(frozen=True)
class PetitionPage:
    desk: PetitionDesk

    def routes(self) -> list[Route]:
        forms, one = self.desk.forms, f"{PATH}/{{petition}}"
        own, either = forms.guard.requires(MEMBER), forms.either
        answers, hides = forms.guard.requires(*ANSWERERS), forms.guard.requires(*HIDERS)
        return [
            Route(f"{one}/sign", own(either(self.back, self.sign)), methods=["POST"]),
            Route(f"{one}/withdraw", own(either(self.back, self.withdraw)), methods=["POST"]),
            Route(f"{one}/answer", answers(either(self.ask_answer, self.answer)), methods=BOTH),
            Route(f"{one}/hide", hides(either(self.ask_hide, self.hide)), methods=BOTH),
            Route(one, self.show),
        ]

    async def back(self, request: Request) -> Response:
        return self.desk.forms.lead(path_of(request.path_params["petition"]))

    async def sign(self, request: Request, _: dict[str, str]) -> Response:
        return await self._pressed(request, self.desk.petitions.sign, SIGNED)

    async def withdraw(self, request: Request, _: dict[str, str]) -> Response:
        return await self._pressed(request, self.desk.petitions.withdraw, WITHDRAWN)

    async def _pressed(
        self, request: Request, do: Callable[..., Awaitable[None]], told: Marked
    ) -> Response:
        petition_id, _ = await self.desk.one(request)
        await self.desk.forms.done(do(session_of(request), petition_id))
        return self.desk.forms.lead_saying(request, path_of(petition_id), told)

    async def ask_answer(self, request: Request) -> Response:
        petition_id, _ = await self.desk.one(request)
        return self._asking(request, petition_id, ANSWER, {}, {})

    async def ask_hide(self, request: Request) -> Response:
        petition_id, _ = await self.desk.one(request)
        return self._asking(request, petition_id, HIDE, {}, {})

    def _asking(
        self, request: Request, petition_id: str, template: str, fields: Any, errors: Any
    ) -> Response:
        return self.desk.asking(request, template, fields, errors, here=path_of(petition_id))

    async def answer(self, request: Request, fields: dict[str, str]) -> Response:
        desk, fields = self.desk, typed_lines(fields, "text")
        petition_id, _ = await desk.one(request)
        typed = desk.forms.filled(Answer, fields)
        if isinstance(typed, dict):
            return self._asking(request, petition_id, ANSWER, fields, typed)
        doing = desk.petitions.answer(
            session_of(request), "editor", petition_id, typed.once, typed.text
        )
        await desk.forms.done(doing)
        return desk.forms.lead_saying(request, path_of(petition_id), ANSWERED)

    async def hide(self, request: Request, fields: dict[str, str]) -> Response:
        desk, session = self.desk, session_of(request)
        petition_id, _ = await desk.one(request)
        typed = desk.forms.filled(Reason, fields)
        if isinstance(typed, dict):
            return self._asking(request, petition_id, HIDE, fields, typed)
        role = "editor" if "editor" in desk.forms.guard.roles_of(session) else "operator"
        command = HidePetition(petition_id, session.login_id, desk.petitions.now(), typed.reason)
        await desk.forms.done(desk.petitions.give(command, session, role))
        return desk.forms.lead_saying(request, path_of(petition_id), HIDDEN)

    async def show(self, request: Request) -> Response:
        """Who signed is shown to nobody but themselves; words that are hidden to the staff alone,
        who owe an answer all the same."""
        desk, say = self.desk, self.desk.forms.frame.language.gettext
        petition_id, petition = await desk.one(request)
        session = desk.forms.guard.who(request)
        roles = desk.forms.guard.roles_of(session) if session else frozenset[str]()
        said = await desk.petitions.said([petition.words, *petition.answers])
        is_shown = not petition.hidden_for or bool(roles & set(HIDERS))
        state = state_of(petition)
        return desk.forms.form(
            request,
            "petition.html",
            here=path_of(petition_id),
            petition=petition,
            said=said.get(petition.words) if is_shown else None,
            answers=[said[each] for each in petition.answers if each in said],
            state=state,
            state_name=say(STATES[state]),
            place=desk.places.get(petition.place, petition.place),
            sector=desk.sectors.get(petition.sector, petition.sector),
            at_least=desk.figure(petition.counted),
            is_member=MEMBER in roles,
            has_signed=session is not None and session.login_id in petition.signers,
            may_answer="editor" in roles,
            may_hide=bool(roles & set(HIDERS)),
        )
