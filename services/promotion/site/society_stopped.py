"""The pages on which the staff suspend a society that is abused, and its members appeal."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.domain.suspension import (
    DeclineAppeal,
    ReinstateSociety,
    SuspendSociety,
)
from services.promotion.site.society_desk import PATH, SocietyDesk, path_of, typed_lines
from services.promotion.site.society_forms import Appeal, Reason
from shared.contracts.roles import MEMBER
from shared.web.guard import session_of
from shared.web.language import Marked, marked

ACTS: dict[str, tuple[Callable[..., Any], Marked, Marked]] = {
    "suspend": (SuspendSociety, marked("Suspend it"), marked("It is suspended.")),
    "reinstate": (ReinstateSociety, marked("Reinstate it"), marked("It is reinstated.")),
    "decline": (
        DeclineAppeal,
        marked("Decline the appeal"),
        marked("The appeal is declined."),
    ),
}
APPEALED = marked("Somebody else than who suspended it will look at it.")
BOTH = ["GET", "POST"]
APPEAL = "society-appeal.html"


@dataclass(frozen=True)
class StoppedPages:
    desk: SocietyDesk

    def routes(self) -> list[Route]:
        forms = self.desk.forms
        own, staff = forms.guard.requires(MEMBER), forms.guard.requires("operator", "editor")
        one = f"{PATH}/{{society}}"
        return [
            Route(f"{PATH}/appeals", staff(self.appeals)),
            *(
                Route(
                    f"{one}/{name}",
                    staff(forms.either(self._ask(name), self._do(name))),
                    methods=BOTH,
                )
                for name in ACTS
            ),
            Route(f"{one}/appeal", own(forms.either(self.ask, self.appeal)), methods=BOTH),
        ]

    async def appeals(self, request: Request) -> Response:
        """What waits for a second look; who suspended it is told that it is not for them."""
        desk, me = self.desk, session_of(request).login_id
        waiting = await desk.rows.appeals()
        own = [each | {"is_mine": each["suspended_by"] == me} for each in waiting]
        return desk.forms.form(request, "society-appeals.html", waiting=own)

    def _ask(self, name: str) -> Callable[[Request], Awaitable[Response]]:
        async def ask(request: Request) -> Response:
            society_id, _ = await self.desk.one(request)
            return self._asking(request, society_id, name, {}, {})

        return ask

    def _asking(
        self,
        request: Request,
        society_id: str,
        name: str,
        fields: Mapping[str, str],
        errors: Mapping[str, Marked],
    ) -> Response:
        called = self.desk.forms.frame.language.gettext(ACTS[name][1])
        facts = {"act": name, "called": called}
        return self.desk.asking_of(request, society_id, "society-act.html", fields, errors, **facts)

    def _do(self, name: str) -> Callable[[Request, dict[str, str]], Awaitable[Response]]:
        command, _, told = ACTS[name]

        async def do(request: Request, fields: dict[str, str]) -> Response:
            desk, session = self.desk, session_of(request)
            society_id, _society = await desk.one(request)
            typed = desk.forms.filled(Reason, fields)
            if isinstance(typed, dict):
                return self._asking(request, society_id, name, fields, typed)
            role = "editor" if "editor" in desk.forms.guard.roles_of(session) else "operator"
            given = command(society_id, session.login_id, typed.reason, desk.societies.now())
            await desk.forms.done(desk.societies.give(given, session, role))
            return desk.forms.lead_saying(request, path_of(society_id), told)

        return do

    async def ask(self, request: Request) -> Response:
        society_id, _ = await self.desk.one(request)
        return self.desk.asking_of(request, society_id, APPEAL, {}, {})

    async def appeal(self, request: Request, fields: dict[str, str]) -> Response:
        desk, fields = self.desk, typed_lines(fields, "text")
        society_id, _ = await desk.one(request)
        typed = desk.forms.filled(Appeal, fields)
        if isinstance(typed, dict):
            return desk.asking_of(request, society_id, APPEAL, fields, typed)
        appealing = desk.societies.appeal(session_of(request), society_id, typed.once, typed.text)
        await desk.forms.done(appealing)
        return desk.forms.lead_saying(request, path_of(society_id), APPEALED)
