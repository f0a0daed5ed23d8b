"""A source sends messages: one request, and what is told of each."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.intake.api.bodies import other_type, require_unpacked
from services.intake.api.preferring import applied, wait_s
from services.intake.api.putting import count, fitting, put, used
from services.intake.api.roads import Roads
from services.intake.api.told import (
    OneOfMany,
    Taken,
    answered,
    as_json,
    as_list,
    as_problem,
    as_told,
    status_of,
    wrong,
)
from services.intake.api.who import cost_of, place_for_a_body, sender, within_rate
from shared.contracts.receipt import Accepted
from shared.eventsourcing.inbox.awaited import Waiting
from shared.eventsourcing.inbox.looked_up import Receipt
from shared.eventsourcing.inbox.over_http import (
    MOST_AT_ONCE,
    Arrived,
    Mode,
    TooManyError,
    mode_of,
    read_batch,
    read_one,
)
from shared.eventsourcing.inbox.parse import RefusalError

TAKEN_HERE = ", ".join(mode.value for mode in Mode)


class Sending:
    """One request: who sends, what, and what is told of it."""

    def __init__(self, roads: Roads, request: Request) -> None:
        self._roads = roads
        self._request = request
        self._wait_s = wait_s(request.headers.getlist("Prefer"))
        self._applied = applied(self._wait_s)

    async def answer(self) -> Response:
        """Nothing of the body is read before it is known who sends it."""
        key = self._key = sender(self._request, self._roads.keys)
        within_rate(key)
        mode = _mode(self._request)
        with place_for_a_body(key):
            body = await self._request.body()
        key = self._key = sender(self._request, self._roads.keys)
        within_rate(key)  # it may have been revoked meanwhile, and others may have been quicker
        try:
            if mode is Mode.BATCH:
                return await self._many(read_batch(body))
            return await self._one(mode, body)
        except TooManyError:
            used(self._key, cost_of(body))
            why = f"A batch has at most {MOST_AT_ONCE:,} messages."
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, why) from None
        except RefusalError as refusal:
            used(self._key, cost_of(body))
            count(self._key, "refused", 1)
            return as_problem(refusal.problem, self._rate())

    async def _one(self, mode: Mode, body: bytes) -> Response:
        arrived: Arrived | RefusalError = read_one(mode, self._request.scope["headers"], body)
        (arrived,) = await fitting(self._roads, self._key, [arrived])
        if isinstance(arrived, RefusalError):
            raise arrived
        with self._waiting() as waiting:
            last = await put(self._roads, self._key, [arrived])
            receipt = (await self._receipts(waiting, last, last)).get(last)
        where = {"Location": self._address(last)} | self._rate() | self._applied
        if receipt is None:
            taken = Taken(ce_id=arrived.ce_id, inbox_sequence=last, receipt=where["Location"])
            return as_json(taken, HTTPStatus.ACCEPTED, where)
        if isinstance(receipt, Accepted):
            return as_json(answered(self._key.source, receipt), HTTPStatus.OK, where)
        return as_problem(receipt.problem, where, receipt)

    async def _many(self, found: Sequence[Arrived | RefusalError]) -> Response:
        each = await fitting(self._roads, self._key, found)
        good = [one for one in each if isinstance(one, Arrived)]
        count(self._key, "refused", len(each) - len(good))
        receipts: dict[int, Receipt] = {}
        first = last = 0
        if good:
            with self._waiting() as waiting:
                last = await put(self._roads, self._key, good, len(each))
                first = last - len(good) + 1
                receipts = await self._receipts(waiting, first, last)
        else:
            used(self._key, max(1, len(each)))
        told, sequence = [], first
        for one in each:
            if isinstance(one, RefusalError):
                told.append(_refused(one))
                continue
            told.append(self._taken(one, sequence, receipts.get(sequence)))
            sequence += 1
        return as_list(told, self._rate() | self._applied)

    def _taken(self, one: Arrived, sequence: int, receipt: Receipt | None) -> OneOfMany:
        told = OneOfMany(
            ce_id=one.ce_id,
            status=HTTPStatus.ACCEPTED,
            inbox_sequence=sequence,
            receipt=self._address(sequence),
        )
        if isinstance(receipt, Accepted):
            update = {"status": HTTPStatus.OK, "accepted": as_told(receipt)}
            return told.model_copy(update=update)
        if receipt is not None:
            problem = receipt.problem
            update = {"status": status_of(problem), "problem": wrong(problem)}
            return told.model_copy(update=update)
        return told

    def _waiting(self) -> AbstractContextManager[Waiting | None]:
        """For who does not wait no receipt need be read."""
        return self._roads.awaited.of(self._key.source) if self._wait_s else nullcontext()

    async def _receipts(self, waiting: Waiting | None, first: int, last: int) -> dict[int, Receipt]:
        return await waiting.receipts(first, last, self._wait_s) if waiting else {}

    def _address(self, sequence: int) -> str:
        return self._roads.receipt_at(self._key, sequence)

    def _rate(self) -> dict[str, str]:
        return self._key.bucket.headers() if self._key.bucket else {}


def _mode(request: Request) -> Mode:
    """Raises HTTPException."""
    require_unpacked(request)
    mode = mode_of(request.headers.get("Content-Type", ""))
    if mode is None:
        raise other_type(TAKEN_HERE)
    return mode


def _refused(refusal: RefusalError) -> OneOfMany:
    problem = refusal.problem
    return OneOfMany(ce_id=refusal.ce_id, status=status_of(problem), problem=wrong(problem))
