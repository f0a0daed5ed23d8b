"""`GET /api/trace`: what became of a report, for programs of those who have its code."""

from collections.abc import Callable
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from services.intake.api.who import SHORTLY
from services.intake.trail.codes import LONGEST_TYPED, TooManyAskError, read_code
from services.intake.trail.steps import What
from services.intake.trail.tracing import Trace, Tracing
from shared.contracts.roles import Role
from shared.contracts.values import Count
from shared.eventsourcing.errors import TryLaterError
from shared.web.answers import NOT_KEPT
from shared.web.problems import RESPONSES

NO_CODE = "A code has sixteen digits."
NOBODYS = "No report has this code; one that was sent a moment ago may take a minute."
TOO_MANY = "Many are asking at this moment; try again in a minute."
AWAY = "The log does not answer; try again in a moment."
OnDay = Callable[[datetime], date]


class StepTold(BaseModel):
    """What happened on a day, and what the body said with it."""

    what: What
    day: date
    words: str


class CommitmentTold(BaseModel):
    """How a commitment stands that the report led to."""

    state: Literal["open", "overdue", "done", "done late"]
    due: date


class TraceTold(BaseModel):
    """What became of a report: never what was written in it, nor a time finer than a day. In
    openings is how often its sealed words were shown, by role; seen_too is how many other reports
    say the same, corroborated how many people have seen it, too."""

    place: str
    sector: str
    steps: list[StepTold]
    seen_too: Count
    corroborated: Count
    openings: dict[Role, Count]
    commitments: list[CommitmentTold]


def trace_router(tracing: Tracing, on_day: OnDay) -> APIRouter:
    api = APIRouter(prefix="/api", tags=["For people who reported"], responses=RESPONSES)
    about: dict[str, Any] = {
        "alias": "Receipt-Code",
        "max_length": LONGEST_TYPED,
        "description": "the sixteen digits that were shown once",
    }

    @api.head("/trace", include_in_schema=False)
    @api.get("/trace", summary="What became of a report")
    async def trace(response: Response, code: Annotated[str, Header(**about)]) -> TraceTold:
        response.headers.update(NOT_KEPT)
        digits = read_code(code)
        if digits is None:
            raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, NO_CODE)
        try:
            found = await tracing.trace(digits)
        except TooManyAskError:
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, TOO_MANY, SHORTLY) from None
        except TryLaterError:
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, AWAY, SHORTLY) from None
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, NOBODYS)
        return _told(found, on_day)

    return api


def _told(trace: Trace, on_day: OnDay) -> TraceTold:
    steps = trace.steps
    return TraceTold(
        place=steps.place,
        sector=steps.sector,
        steps=[
            StepTold(what=each.what, day=on_day(each.at), words=each.words) for each in steps.steps
        ],
        seen_too=steps.seen_too,
        corroborated=steps.corroborated,
        openings=dict(steps.openings),
        commitments=[
            CommitmentTold(state=row["state"], due=on_day(row["due_at"]))
            for row in trace.commitments
        ],
    )
