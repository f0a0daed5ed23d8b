"""What senders are told: where a receipt will be, the receipt itself, or what was wrong."""

from http import HTTPStatus
from typing import Literal

from pydantic import BaseModel, TypeAdapter
from starlette.responses import JSONResponse, Response

from shared.contracts.receipt import Accepted, AcceptedTold, Problem, Refused
from shared.contracts.roles import Role
from shared.contracts.values import Count
from shared.eventsourcing.inbox.looked_up import Receipt
from shared.web.answers import NOT_KEPT
from shared.web.problems import ProblemResponse

State = Literal["accepted", "refused", "waiting", "dead"]

CONFLICT, TOO_LARGE = "urn:tribune:problem:forbidden-now", "urn:tribune:problem:too-large"
OTHERS = {
    CONFLICT: HTTPStatus.CONFLICT,
    TOO_LARGE: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "urn:tribune:problem:not-json": HTTPStatus.BAD_REQUEST,
    "urn:tribune:problem:ambiguous-body": HTTPStatus.BAD_REQUEST,
    "urn:tribune:problem:not-a-batch": HTTPStatus.BAD_REQUEST,
    "urn:tribune:problem:out-of-scope": HTTPStatus.FORBIDDEN,
}


class WhatIsWrong(Problem):
    """What is wrong with a message, as its receipt says it."""


class Refusal(Refused):
    """Why a message was refused; nothing of it was taken in."""

    problem: WhatIsWrong


class Taken(BaseModel):
    """The message is on disk; its receipt will be at the address in receipt."""

    ce_id: str
    inbox_sequence: int
    receipt: str


class Answer(BaseModel):
    """What became of one message. It waits until it is taken in; dead is one that failed for a
    reason of ours, and has no receipt until an operator has it tried again. In openings, for one
    that speaks of a report, is how often somebody was shown its sealed words, by their role; code
    is for whoever filed it: by it they see the same on a page of their own."""

    source: str
    inbox_sequence: int
    state: State
    accepted: AcceptedTold | None = None
    refused: Refusal | None = None
    openings: dict[Role, Count] | None = None
    code: str | None = None


class OneOfMany(BaseModel):
    """What became of one message of a batch, with the status that it alone would have had."""

    ce_id: str | None
    status: int
    inbox_sequence: int | None = None
    receipt: str | None = None
    accepted: AcceptedTold | None = None
    problem: WhatIsWrong | None = None


_EACH = TypeAdapter(list[OneOfMany])


def status_of(problem: Problem) -> int:
    return OTHERS.get(problem.type, HTTPStatus.UNPROCESSABLE_ENTITY)


def as_json(
    body: BaseModel, status: int = HTTPStatus.OK, headers: dict[str, str] | None = None
) -> Response:
    told = body.model_dump(mode="json", exclude_none=True)
    return JSONResponse(told, status, NOT_KEPT | (headers or {}))


def as_list(each: list[OneOfMany], headers: dict[str, str]) -> Response:
    """Its status is that of all, where they have the same."""
    statuses = {one.status for one in each}
    status = statuses.pop() if len(statuses) == 1 else HTTPStatus.MULTI_STATUS
    status = status if each else HTTPStatus.OK
    body = _EACH.dump_json(each, exclude_none=True)
    return Response(body, status, NOT_KEPT | headers, "application/json")


def as_problem(
    problem: Problem, headers: dict[str, str], refused: Refused | None = None
) -> Response:
    status = status_of(problem)
    told = problem.model_dump(mode="json") | {"status": int(status)}
    if refused:
        told |= {"ce_id": refused.ce_id, "inbox_sequence": refused.inbox_sequence}
    return ProblemResponse(told, status, NOT_KEPT | headers)


def answered(source: str, receipt: Receipt) -> Answer:
    sequence = receipt.inbox_sequence
    if isinstance(receipt, Accepted):
        told = as_told(receipt)
        return Answer(source=source, inbox_sequence=sequence, state="accepted", accepted=told)
    refusal = Refusal.model_validate(receipt.model_dump())
    return Answer(source=source, inbox_sequence=sequence, state="refused", refused=refusal)


def as_told(receipt: Accepted) -> AcceptedTold:
    """Where the event is in our log stays inside."""
    return AcceptedTold.model_validate(receipt.model_dump())


def wrong(problem: Problem) -> WhatIsWrong:
    return WhatIsWrong.model_validate(problem.model_dump())
