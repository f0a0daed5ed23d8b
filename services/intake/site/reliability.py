"""How reliable the correspondent of a report has been, for triage by the staff alone."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.intake.projections.reliability import Share
from shared.contracts.report import ReportFiled
from shared.contracts.roles import OPENERS
from shared.eventsourcing.event_store import AggregateKey, EventStore
from shared.web.guard import Guard
from shared.web.ids import id_in

PATH = "/reliability/{report}"
SharesOf = Callable[[str], Awaitable[Mapping[str, Share]]]
"""By sector, of a correspondent."""


class Reliability:
    """It is asked by the report: nobody is told who the correspondent is, nor of another report of
    theirs."""

    def __init__(self, guard: Guard, events: EventStore, shares_of: SharesOf) -> None:
        self._guard = guard
        self._events = events
        self._shares_of = shares_of

    def routes(self) -> list[Route]:
        return [Route(PATH, self._guard.requires(*sorted(OPENERS))(self.tell))]

    async def tell(self, request: Request) -> Response:
        report = id_in(request, "report")
        events = await self._events.load(AggregateKey("intake", "report", report))
        filed = [each.event for each in events if isinstance(each.event, ReportFiled)]
        if not filed:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        who = filed[0].correspondent
        found = await self._shares_of(who) if who else {}
        told = {sector: asdict(share) for sector, share in sorted(found.items())}
        return JSONResponse({"report": report, "sector": filed[0].sector, "sectors": told})
