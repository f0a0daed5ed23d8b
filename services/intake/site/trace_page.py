"""The page on which somebody finds by its code what became of their report, and replies."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from secrets import token_hex
from typing import ClassVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.site.openings_page import ROLE_NAMES
from services.intake.trail.codes import read_code
from services.intake.trail.steps import What
from services.intake.trail.tracing import Trace, Tracing
from services.intake.trail.typed import MOST_SIGNS
from shared.runtime.form_pages import FormPages
from shared.web.language import Marked, marked
from shared.web.turns import NoTurnError

PATH = "/trace"
STEPS: dict[What, Marked] = {
    "received": marked("It was received."),
    "confirmed": marked("It was confirmed."),
    "refuted": marked("It was refuted."),
    "closed": marked("It was closed."),
    "answered": marked("It was answered."),
    "files added": marked("More files were added to it."),
    "erased": marked("Its words were erased for ever."),
    "withdrawn": marked("What was public of it was taken back."),
    "picture shown": marked("A picture of it is shown to all."),
    "picture taken back": marked("A picture of it is not shown to all any more."),
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
TOO_MANY = marked("Many are asking at this moment. Please ask again in a minute.")
NOBODYS = marked(
    "No report has this code. One that was sent a moment ago may take a minute; else look whether"
    " each digit is right."
)


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
    places: Mapping[str, str]
    sectors: Mapping[str, str]

    def routes(self) -> list[Route]:
        return [Route(PATH, self.forms.either(self.ask, self.show), methods=["GET", "POST"])]

    async def ask(self, request: Request) -> Response:
        return self.asking(request, "", None)

    async def show(self, request: Request, fields: dict[str, str]) -> Response:
        """The answer itself, so that no address leads to it."""
        typed = fields.get("code", "")
        code = read_code(typed)
        if code is None:
            return self.asking(request, typed, self.forms.words["code"])
        return await self.looked_up(request, code, {}, {})

    async def looked_up(
        self,
        request: Request,
        code: str,
        fields: Mapping[str, str],
        errors: Mapping[str, Marked],
        *,
        replied: bool = False,
        status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
    ) -> Response:
        try:
            trace = await self.tracing.trace(code)
        except NoTurnError:
            return self.asking(request, code, TOO_MANY, HTTPStatus.SERVICE_UNAVAILABLE)
        if trace is None:
            return self.asking(request, code, NOBODYS)
        at = status if errors else HTTPStatus.OK
        return self._traced(request, trace, {**fields, "code": code}, errors, at, replied=replied)

    def asking(
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
        status: int,
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
            status,
            replied=replied,
            once=once or token_hex(16),
            most=MOST_SIGNS,
            said=[
                (each.role and say(ROLE_NAMES[each.role]), each.at, each.words)
                for each in trace.said
            ],
            is_erased=any(each.what == "erased" for each in steps.steps),
            takes_files=steps.takes_files,
            place=self.places.get(steps.place, steps.place),
            sector=self.sectors.get(steps.sector, steps.sector),
            steps=[(say(STEPS[each.what]), each.at, each.words) for each in steps.steps],
            corroborated=steps.corroborated,
            attached=steps.attached,
            openings=[(say(ROLE_NAMES[role]), times) for role, times in steps.openings.items()],
            commitments=[(say(STATES[row["state"]]), row["due_at"]) for row in trace.commitments],
        )
