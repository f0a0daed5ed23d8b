"""The page on which somebody finds by its code what became of their report, and replies."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from secrets import token_hex
from typing import ClassVar

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.domain.exchange import TooManyRepliesError
from services.intake.site.openings_page import ROLE_NAMES
from services.intake.trail.codes import TooManyAskError, read_code
from services.intake.trail.replying import ErasedReportError, Replying
from services.intake.trail.steps import What
from services.intake.trail.tracing import Trace, Tracing
from services.intake.trail.typed import MOST_SIGNS, TypedWords
from shared.contracts.values import Id
from shared.runtime.form_pages import FormPages
from shared.web.language import Marked, marked

PATH = "/trace"
STEPS: dict[What, Marked] = {
    "received": marked("It was received."),
    "confirmed": marked("It was confirmed."),
    "refuted": marked("It was refuted."),
    "closed": marked("It was closed."),
    "answered": marked("It was answered."),
    "erased": marked("Its words were erased for ever."),
    "withdrawn": marked("What was public of it was taken back."),
    "repeats another": marked("Another report says the same, and is followed up."),
    "half fixed": marked("Part of it is mended, and it is still open."),
    "reopened": marked("It is open again."),
    "open again": marked("It does not repeat another report, and is open again."),
}
STATES: dict[str, Marked] = {
    "open": marked("to be done by"),
    "paused": marked("paused, as its owner waits for somebody else; it was due on"),
    "overdue": marked("overdue since"),
    "done": marked("done, as its owner says; it was due on"),
    "done late": marked("done late, as its owner says; it was due on"),
}
NO_MORE = marked("Nothing more is taken until the body has asked again.")
NOTHING_KEPT = marked("The report was erased: nothing more is kept of it.")
TOO_MANY = marked("Many are asking at this moment. Please ask again in a minute.")
NOBODYS = marked(
    "No report has this code. One that was sent a moment ago may take a minute; else look whether"
    " each digit is right."
)


class Typed(BaseModel):
    once: Id
    words: TypedWords


@dataclass(frozen=True)
class TraceForms(FormPages):
    words: ClassVar[Mapping[str, Marked]] = {
        "code": marked("Type the sixteen digits that you were given."),
        "once": marked("This page is too old. Please send it once more."),
        "words": marked("Say it in your words; at most 4,000 characters."),
    }


@dataclass(frozen=True)
class TracePage:
    """`places` and `sectors` are names by code."""

    forms: TraceForms
    tracing: Tracing
    replying: Replying
    places: Mapping[str, str]
    sectors: Mapping[str, str]

    def routes(self) -> list[Route]:
        forms, both = self.forms, ["GET", "POST"]
        return [
            Route(PATH, forms.either(self.ask, self.show), methods=both),
            Route(f"{PATH}/reply", forms.either(self.ask, self.reply), methods=both),
        ]

    async def ask(self, request: Request) -> Response:
        return self._asking(request, "", None)

    async def show(self, request: Request, fields: dict[str, str]) -> Response:
        """The answer itself, so that no address leads to it."""
        typed = fields.get("code", "")
        code = read_code(typed)
        if code is None:
            return self._asking(request, typed, self.forms.words["code"])
        return await self._looked_up(request, code, {}, {})

    async def reply(self, request: Request, fields: dict[str, str]) -> Response:
        """What was said does not stand there again: a code may fall into other hands."""
        forms = self.forms
        fields["words"] = fields.get("words", "").replace("\r\n", "\n")
        code, typed = read_code(fields.get("code", "")), forms.filled(Typed, fields)
        if code is None:
            return self._asking(request, "", forms.words["code"])
        if isinstance(typed, dict):
            return await self._looked_up(request, code, fields, typed)
        try:
            await self.replying.reply(code, typed.once, typed.words)
        except TooManyRepliesError:
            return await self._looked_up(request, code, {}, {"words": NO_MORE})
        except ErasedReportError:
            return await self._looked_up(request, code, {}, {"words": NOTHING_KEPT})
        except TooManyAskError:
            return self._asking(request, "", TOO_MANY, HTTPStatus.SERVICE_UNAVAILABLE)
        return await self._looked_up(request, code, {}, {}, replied=True)

    async def _looked_up(
        self,
        request: Request,
        code: str,
        fields: Mapping[str, str],
        errors: Mapping[str, Marked],
        *,
        replied: bool = False,
    ) -> Response:
        try:
            trace = await self.tracing.trace(code)
        except TooManyAskError:
            return self._asking(request, code, TOO_MANY, HTTPStatus.SERVICE_UNAVAILABLE)
        if trace is None:
            return self._asking(request, code, NOBODYS)
        return self._traced(request, trace, {**fields, "code": code}, errors, replied=replied)

    def _asking(
        self,
        request: Request,
        typed: str,
        wrong: Marked | None,
        status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
    ) -> Response:
        errors = {"code": wrong} if wrong else {}
        at = status if errors else HTTPStatus.OK
        return self.forms.form(request, "trace.html", {"code": typed}, errors, at)

    def _traced(
        self,
        request: Request,
        trace: Trace,
        fields: Mapping[str, str],
        errors: Mapping[str, Marked],
        *,
        replied: bool,
    ) -> Response:
        say, steps = self.forms.frame.language.gettext, trace.steps
        once = fields.get("once", "") if "once" not in errors else ""
        return self.forms.form(
            request,
            "traced.html",
            fields,
            errors,
            HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK,
            replied=replied,
            once=once or token_hex(16),
            most=MOST_SIGNS,
            said=[
                (each.role and say(ROLE_NAMES[each.role]), each.at, each.words)
                for each in trace.said
            ],
            is_erased=any(each.what == "erased" for each in steps.steps),
            place=self.places.get(steps.place, steps.place),
            sector=self.sectors.get(steps.sector, steps.sector),
            steps=[(say(STEPS[each.what]), each.at, each.words) for each in steps.steps],
            corroborated=steps.corroborated,
            attached=steps.attached,
            openings=[(say(ROLE_NAMES[role]), times) for role, times in steps.openings.items()],
            commitments=[(say(STATES[row["state"]]), row["due_at"]) for row in trace.commitments],
        )
