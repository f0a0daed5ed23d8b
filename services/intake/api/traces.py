"""`/api/trace`: what became of a report, and replies, for programs of those who have its code."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any, Literal, TypeVar
from uuid import uuid4

from fastapi import APIRouter, Header
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from services.intake.api.who import SHORTLY
from services.intake.domain.exchange import TooManyRepliesError
from services.intake.trail.codes import LONGEST_TYPED, read_code
from services.intake.trail.replying import ErasedReportError, NoReportError, Replying
from services.intake.trail.steps import What
from services.intake.trail.tracing import Trace, Tracing
from services.intake.trail.typed import TypedWords
from shared.contracts.roles import Role
from shared.contracts.values import Count, Id
from shared.eventsourcing.errors import TryLaterError
from shared.web.answers import NOT_KEPT
from shared.web.problems import RESPONSES
from shared.web.turns import NoTurnError

NO_CODE = "A code has sixteen digits."
NOBODYS = "No report has this code; one that was sent a moment ago may take a minute."
TOO_MANY = "Many are asking at this moment; try again in a minute."
AWAY = "The log does not answer; try again in a moment."
CODE: dict[str, Any] = {
    "alias": "Receipt-Code",
    "max_length": LONGEST_TYPED,
    "description": "the sixteen digits that were shown once",
}
OnDay = Callable[[datetime], date]
T = TypeVar("T")


class StepTold(BaseModel):
    """What happened on a day, and what the body said with it."""

    what: What
    day: date
    words: str


class CommitmentTold(BaseModel):
    """How a commitment stands that the report led to."""

    state: Literal["open", "paused", "overdue", "done", "done late"]
    due: date


class SaidTold(BaseModel):
    """What the body asked, in which role, or that whoever has the code said something: not what."""

    by: Literal["body", "you"]
    role: Role | None
    day: date
    words: str


class ReplyAsked(BaseModel):
    """What whoever has the code says to the body. `once` is the same where it is sent again."""

    words: TypedWords
    once: Id = Field(default_factory=lambda: uuid4().hex)


class TraceTold(BaseModel):
    """What became of a report: never what was written in it, nor a time finer than a day. In
    openings is how often its sealed words were shown, by role; corroborated is how many people have
    seen it, too, and attachments how many files go with it."""

    place: str
    sector: str
    steps: list[StepTold]
    corroborated: Count
    attachments: Count
    openings: dict[Role, Count]
    commitments: list[CommitmentTold]
    said: list[SaidTold]


def trace_router(tracing: Tracing, replying: Replying, on_day: OnDay) -> APIRouter:
    api = APIRouter(prefix="/api", tags=["For people who reported"], responses=RESPONSES)

    @api.head("/trace", include_in_schema=False)
    @api.get("/trace", summary="What became of a report")
    async def trace(response: Response, code: Annotated[str, Header(**CODE)]) -> TraceTold:
        response.headers.update(NOT_KEPT)
        found = await answered(tracing.trace(digits(code)))
        if found is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, NOBODYS)
        return _told(found, on_day)

    @api.post("/trace/replies", status_code=HTTPStatus.NO_CONTENT, summary="A word to the body")
    async def reply(asked: ReplyAsked, code: Annotated[str, Header(**CODE)]) -> Response:
        try:
            await answered(replying.reply(digits(code), asked.once, asked.words))
        except NoReportError:
            raise HTTPException(HTTPStatus.NOT_FOUND, NOBODYS) from None
        except (ErasedReportError, TooManyRepliesError) as error:
            raise HTTPException(HTTPStatus.CONFLICT, str(error)) from None
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=NOT_KEPT)

    return api


def digits(code: str) -> str:
    """Raises HTTPException."""
    digits = read_code(code)
    if digits is None:
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, NO_CODE)
    return digits


async def answered(doing: Awaitable[T]) -> T:
    """Raises HTTPException."""
    try:
        return await doing
    except NoTurnError:
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, TOO_MANY, SHORTLY) from None
    except TryLaterError:
        raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, AWAY, SHORTLY) from None


def _told(trace: Trace, on_day: OnDay) -> TraceTold:
    steps = trace.steps
    return TraceTold(
        place=steps.place,
        sector=steps.sector,
        steps=[
            StepTold(what=each.what, day=on_day(each.at), words=each.words) for each in steps.steps
        ],
        corroborated=steps.corroborated,
        attachments=steps.attached,
        openings=dict(steps.openings),
        commitments=[
            CommitmentTold(state=row["state"], due=on_day(row["due_at"]))
            for row in trace.commitments
        ],
        said=[
            SaidTold(
                by="body" if each.role else "you",
                role=each.role,
                day=on_day(each.at),
                words=each.words,
            )
            for each in trace.said
        ],
    )
