"""How a reader wants to see the lists: a form, and a cookie in which the answer is kept."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Annotated

from pydantic import AfterValidator, BaseModel
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from shared.web.answers import NOT_KEPT
from shared.web.forms import NotFilledInError, filled_in, local
from shared.web.frame import Frame
from shared.web.language import marked

COOKIE = "tribune_rows"
USUAL = 50
CHOICES = (25, USUAL, 100, 200)
KEPT_FOR_S = 365 * 24 * 60 * 60
PATH = "/preferences"
WORDS = {"rows": marked("Choose how many rows a page of a list has: 25, 50, 100 or 200.")}


def _offered(rows: int) -> int:
    if rows not in CHOICES:
        raise ValueError("not offered")
    return rows


class Preferences(BaseModel):
    rows: Annotated[int, AfterValidator(_offered)]


def rows_for(request: Request) -> int:
    """Whatever stands in the cookie: one of the choices."""
    known = {str(rows): rows for rows in CHOICES}
    return known.get(request.cookies.get(COOKIE, ""), USUAL)


class PreferencesPage:
    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._otherwise = f"{frame.sites.root}/overdue"

    def routes(self) -> list[Route]:
        return [Route(PATH, self.answer, methods=["GET", "POST"])]

    async def answer(self, request: Request) -> Response:
        """One route for both, so that a refusal names both as allowed."""
        return await (self.take if request.method == "POST" else self.ask)(request)

    async def ask(self, request: Request) -> Response:
        back = local(request.query_params.get("back", ""), self._otherwise)
        return self._form(request, back, str(rows_for(request)), {})

    async def take(self, request: Request) -> Response:
        fields = await self._frame.forms.posted(request)
        back = local(fields.get("back", ""), self._otherwise)
        try:
            chosen = filled_in(Preferences, fields, WORDS)
        except NotFilledInError as wrong:
            return self._form(request, back, fields.get("rows", ""), wrong.errors)
        answer = RedirectResponse(back, HTTPStatus.SEE_OTHER, NOT_KEPT)
        self._frame.cookies.put(request, answer, COOKIE, str(chosen.rows), KEPT_FOR_S)
        told = self._frame.language.ngettext(
            "Lists now have %(num)s row on a page, in this browser.",
            "Lists now have %(num)s rows on a page, in this browser.",
            chosen.rows,
        )
        self._frame.flash.leave(request, answer, told)
        return answer

    def _form(self, request: Request, back: str, rows: str, errors: Mapping[str, str]) -> Response:
        status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
        language = self._frame.language
        choices = {
            str(each): language.ngettext("%(num)s row", "%(num)s rows", each) for each in CHOICES
        }
        return self._frame.form(
            request,
            "preferences.html",
            status,
            back=back,
            rows=rows,
            choices=choices,
            errors={field: language.gettext(words) for field, words in errors.items()},
        )
