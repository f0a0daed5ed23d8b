"""A member's page to say that they have seen what somebody reported, too."""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import ClassVar

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.corroborating import Corroborating
from services.intake.domain.course import EnoughError, OwnReportError
from services.intake.site.naming import AnyName, report_id_of
from shared.contracts.roles import MEMBER
from shared.runtime.form_pages import FormPages
from shared.web.guard import session_of
from shared.web.language import Marked, marked

PATH = "/seen"
NOT_PUBLIC = marked("No report of this name is public.")
OWN = marked("It is your own report.")
ENOUGH = marked("As many have said so as are counted; one more is not written down.")


class Seen(BaseModel):
    report: AnyName


class SeenForms(FormPages):
    words: ClassVar[Mapping[str, Marked]] = {
        "report": marked("Type the report's id, or its source and number with a slash between.")
    }


class SeenPage:
    """Whether a report that is not public exists is told to nobody."""

    def __init__(
        self,
        forms: SeenForms,
        corroborating: Corroborating,
        is_public: Callable[[str], Awaitable[bool]],
    ) -> None:
        self._forms = forms
        self._corroborating = corroborating
        self._is_public = is_public

    def routes(self) -> list[Route]:
        either = self._forms.guard.requires(MEMBER)(self._forms.either(self.ask, self.take))
        return [Route(PATH, either, methods=["GET", "POST"])]

    async def ask(self, request: Request) -> Response:
        return self._forms.form(request, "seen.html")

    async def take(self, request: Request, fields: dict[str, str]) -> Response:
        forms = self._forms
        typed = forms.filled(Seen, fields)
        if isinstance(typed, dict):
            return self._wrong(request, fields, typed)
        report_id = report_id_of(typed.report)
        if not await self._is_public(report_id):
            return self._wrong(request, fields, {"report": NOT_PUBLIC})
        login = session_of(request).login_id
        try:
            new = await self._corroborating.by_member(login, report_id)
        except OwnReportError:
            return self._wrong(request, fields, {"report": OWN})
        except EnoughError:
            return forms.lead_saying(request, PATH, ENOUGH)
        told = marked("It is written down; your name is not.")
        return forms.lead_saying(request, PATH, told if new else marked("You said so before."))

    def _wrong(
        self, request: Request, fields: Mapping[str, str], errors: Mapping[str, str]
    ) -> Response:
        return self._forms.form(
            request, "seen.html", fields, errors, HTTPStatus.UNPROCESSABLE_ENTITY
        )
