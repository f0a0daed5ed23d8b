"""Tells open desks of changes; who has a report open is seen by others meanwhile."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.intake.deciding import INSPECTOR
from services.intake.site.desk_list import PATH
from services.intake.site.staff_desk import AT_DESK
from services.intake.together import Together
from shared.runtime.live_stream import Telling
from shared.web.guard import Guard, session_of
from shared.web.ids import id_in


class DeskLive:
    """Auditors look without being seen: they do nothing that somebody else might do, too."""

    def __init__(self, guard: Guard, telling: Telling, together: Together) -> None:
        self._guard = guard
        self._telling = telling
        self._together = together

    def routes(self) -> list[Route]:
        look = self._guard.requires(*AT_DESK)
        return [
            Route(f"{PATH}/live", look(self._telling.changes)),
            Route(f"{PATH}/{{report}}/live", look(self.of_report)),
        ]

    async def of_report(self, request: Request) -> Response:
        report_id = id_in(request, "report")

        async def beat() -> None:
            await self.looks(request, report_id)

        return await self._telling.changes(request, beat)

    async def looks(self, request: Request, report_id: str) -> None:
        session = session_of(request)
        if INSPECTOR in self._guard.roles_of(session):
            await self._together.looks(report_id, session.who)

    def others(self, request: Request, report_id: str) -> list[str]:
        return self._together.others(report_id, session_of(request).who)
