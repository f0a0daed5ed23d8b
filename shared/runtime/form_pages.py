"""What pages with forms have in common, for people who are known to a service or still unknown."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from re import fullmatch
from secrets import token_hex
from typing import Any, ClassVar, TypeVar

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from shared.contracts.values import ID_PATTERN
from shared.eventsourcing.errors import DomainError, TryLaterError
from shared.web.answers import NOT_KEPT, SOON, SaidError
from shared.web.forms import NotFilledInError, filled_in
from shared.web.frame import Frame
from shared.web.guard import Guard
from shared.web.language import Marked, marked

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")
Take = Callable[[Request, dict[str, str]], Awaitable[Response]]


class NotJustNowError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.SERVICE_UNAVAILABLE,
            marked("Not just now"),
            marked("That cannot be written down at this moment. Please try again shortly."),
            SOON,
        )


class NotPossibleError(SaidError):
    def __init__(self) -> None:
        super().__init__(
            HTTPStatus.CONFLICT, marked("Not like this"), marked("That is not possible.")
        )


@dataclass(frozen=True)
class FormPages:
    """`words` say by field what it takes, `why_not` what a decision fails of; the errors are what
    is said where the log is away, and of what is forbidden without more words."""

    guard: Guard

    words: ClassVar[Mapping[str, Marked]] = {}
    why_not: ClassVar[Mapping[type[DomainError], Marked]] = {}
    not_just_now: ClassVar[type[SaidError]] = NotJustNowError
    not_possible: ClassVar[type[SaidError]] = NotPossibleError

    @property
    def frame(self) -> Frame:
        return self.guard.frame

    def either(
        self, ask: Callable[[Request], Awaitable[Response]], take: Take
    ) -> Callable[[Request], Awaitable[Response]]:
        """A page with a form, and what becomes of it."""

        async def answer(request: Request) -> Response:
            if request.method != "POST":
                return await ask(request)
            fields = await self.frame.forms.posted(request)
            try:
                return await take(request, fields)
            except TryLaterError:
                raise self.not_just_now from None
            except DomainError:
                raise self.not_possible from None

        return answer

    def form(
        self,
        request: Request,
        template: str,
        fields: Mapping[str, str] | None = None,
        errors: Mapping[str, str] | None = None,
        status: int = 200,
        **facts: Any,
    ) -> Response:
        """What was typed stands there again, but for what is secret."""
        say = self.frame.language.gettext
        told = {field: say(text) for field, text in (errors or {}).items()}
        page = self.frame.form(request, template, status, fields=fields or {}, errors=told, **facts)
        page.headers["Cache-Control"] = "no-store"
        return page

    def asking(
        self,
        request: Request,
        template: str,
        fields: Mapping[str, str],
        errors: Mapping[str, str],
        **facts: Any,
    ) -> Response:
        """A form that begins something; `once` tells it from all others, however often it is
        sent."""
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        typed = dict(fields)
        once = typed.pop("once", "")
        facts["once"] = once if fullmatch(ID_PATTERN, once) else token_hex(16)
        return self.form(request, template, typed, errors, status, **facts)

    def filled(self, model: type[M], fields: Mapping[str, str]) -> M | dict[str, Marked]:
        """Or what to mend."""
        try:
            return filled_in(model, fields, self.words)
        except NotFilledInError as wrong:
            return dict(wrong.errors)

    async def done(self, doing: Awaitable[T]) -> T:
        """Says why not, if not. Raises SaidError."""
        try:
            return await doing
        except DomainError as error:
            if (why := self.why_not.get(type(error))) is None:
                raise
            raise SaidError(HTTPStatus.CONFLICT, marked("Not like this"), why) from None

    def lead(self, path: str) -> Response:
        return RedirectResponse(f"{self.frame.sites.root}{path}", HTTPStatus.SEE_OTHER, NOT_KEPT)

    def lead_saying(self, request: Request, path: str, text: Marked) -> Response:
        """To a page that says it once."""
        answer = self.lead(path)
        self.frame.flash.leave(request, answer, self.frame.language.gettext(text))
        return answer
