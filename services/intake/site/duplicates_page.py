"""`GET /duplicates`: for programs of the staff, which reports another one may repeat."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.intake.projections.alike import Sought
from shared.contracts.values import Id, Place, Sector, UtcInstant
from shared.eventsourcing.projections.read_model import Row
from shared.runtime.clock import Clock
from shared.web.guard import Guard

PATH = "/duplicates"
HOW = "Ask with report, or with place and sector, and at if it is not about now."


class Asked(BaseModel):
    """A report that was filed, or what one would be about. Words are never asked by: they would
    stand in an address."""

    report: Id | None = None
    place: Place | None = None
    sector: Sector | None = None
    at: UtcInstant | None = None


@dataclass(frozen=True)
class Alike:
    """Looks up what is like something sought, or like a report within a time of it."""

    sought: Callable[[Sought], Awaitable[Sequence[Row]]]
    report: Callable[[str, timedelta], Awaitable[Sequence[Row]]]


class DuplicatesPage:
    def __init__(self, guard: Guard, alike: Alike, within: timedelta, clock: Clock) -> None:
        self._guard = guard
        self._alike = alike
        self._within = within
        self._clock = clock

    def routes(self) -> list[Route]:
        return [Route(PATH, self._guard.requires("inspector", "auditor")(self.find))]

    async def find(self, request: Request) -> Response:
        try:
            asked = Asked.model_validate(dict(request.query_params))
        except ValidationError:
            return JSONResponse({"detail": HOW}, HTTPStatus.UNPROCESSABLE_ENTITY)
        if asked.report:
            found = await self._alike.report(asked.report, self._within)
        elif asked.place and asked.sector:
            at = asked.at or self._clock.now()
            sought = Sought(asked.place, asked.sector, at, self._within)
            found = await self._alike.sought(sought)
        else:
            return JSONResponse({"detail": HOW}, HTTPStatus.UNPROCESSABLE_ENTITY)
        return JSONResponse({"duplicates": [_told(row) for row in found]})


def _told(row: Row) -> dict[str, Any]:
    """Never its words."""
    return {
        "report": row["report_id"],
        "place": row["place"],
        "sector": row["sector"],
        "filed_at": row["filed_at"].isoformat(),
        "state": row["state"],
        "corroborated": row["corroborated"],
        "likeness": row["likeness"],
        "metres": None if row["metres"] is None else round(row["metres"]),
    }
