"""A source sends messages: one request, and what is told of each."""

from collections.abc import Sequence
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.intake.api.preferring import applied, wait_s
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
from services.intake.api.who import SHORTLY, cost_of, place_for_a_body, sender, within_rate
from shared.contracts.receipt import Accepted
from shared.eventsourcing.errors import (
    LogFullError,
    LogUnavailableError,
    RefusedAppendError,
    StoreFullError,
)
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
from shared.runtime import metrics
from shared.web.programs import RECEIPTS

FULL = {"Retry-After": "60"}
INBOX_FULL = "This inbox is full; nothing was taken in. Keep it, and send it again later."
STORE_FULL = (
    "The log has no room for anybody's messages; nothing was taken in. Keep it, and send it again"
    " later. Whoever runs this instance has to give the log more room."
)
AWAY = "The log does not answer. Send it again, which is harmless if it was taken in."
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
            self._used(cost_of(body))
            why = f"A batch has at most {MOST_AT_ONCE:,} messages."
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, why) from None
        except RefusalError as refusal:
            self._used(cost_of(body))
            self._count("refused", 1)
            return as_problem(refusal.problem, self._rate())

    async def _one(self, mode: Mode, body: bytes) -> Response:
        arrived: Arrived | RefusalError = read_one(mode, self._request.scope["headers"], body)
        (arrived,) = await self._let_in([arrived])
        if isinstance(arrived, RefusalError):
            raise arrived
        with self._roads.awaited.of(self._key.source) as waiting:
            last = await self._put([arrived])
            receipt = (await self._receipts(waiting, last, last)).get(last)
        where = {"Location": self._address(last)} | self._rate() | self._applied
        if receipt is None:
            taken = Taken(ce_id=arrived.ce_id, inbox_sequence=last, receipt=where["Location"])
            return as_json(taken, HTTPStatus.ACCEPTED, where)
        if isinstance(receipt, Accepted):
            return as_json(answered(self._key.source, receipt), HTTPStatus.OK, where)
        return as_problem(receipt.problem, where, receipt)

    async def _many(self, found: Sequence[Arrived | RefusalError]) -> Response:
        each = await self._let_in(found)
        good = [one for one in each if isinstance(one, Arrived)]
        self._count("refused", len(each) - len(good))
        receipts: dict[int, Receipt] = {}
        first = last = 0
        if good:
            with self._roads.awaited.of(self._key.source) as waiting:
                last = await self._put(good, len(each))
                first = last - len(good) + 1
                receipts = await self._receipts(waiting, first, last)
        else:
            self._used(max(1, len(each)))
        told, sequence = [], first
        for one in each:
            if isinstance(one, RefusalError):
                told.append(_refused(one))
                continue
            told.append(self._taken(one, sequence, receipts.get(sequence)))
            sequence += 1
        return as_list(told, self._rate() | self._applied)

    async def _let_in(
        self, found: Sequence[Arrived | RefusalError]
    ) -> list[Arrived | RefusalError]:
        """Those that the key is for, and that are not too large. Raises HTTPException."""
        allowed = [
            _out_of_scope(one)
            if isinstance(one, Arrived) and not self._key.allows(one.kind)
            else one
            for one in found
        ]
        try:
            return await self._roads.entry.fitting(self._key.source, allowed)
        except LogUnavailableError:
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, AWAY, SHORTLY) from None

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

    async def _put(self, arrived: Sequence[Arrived], of: int = 1) -> int:
        """Raises HTTPException."""
        self._used(of)
        try:
            last = await self._roads.entry.put(self._key.source, arrived)
        except LogFullError as error:
            is_whole = isinstance(error, StoreFullError)
            self._count("store full" if is_whole else "full", len(arrived))
            why = STORE_FULL if is_whole else INBOX_FULL
            raise HTTPException(HTTPStatus.INSUFFICIENT_STORAGE, why, FULL) from None
        except (LogUnavailableError, RefusedAppendError, OSError, TimeoutError):
            self._count("away", len(arrived))
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, AWAY, SHORTLY) from None
        self._count("taken", len(arrived))
        return last

    async def _receipts(self, waiting: Waiting, first: int, last: int) -> dict[int, Receipt]:
        return await waiting.receipts(first, last, self._wait_s) if self._wait_s else {}

    def _address(self, sequence: int) -> str:
        return f"{self._roads.root}{RECEIPTS}{self._key.source}/{sequence}"

    def _used(self, messages: int) -> None:
        metrics.keys_used.labels(self._key.source, "sent").inc()
        if self._key.bucket:
            self._key.bucket.take(messages)

    def _rate(self) -> dict[str, str]:
        return self._key.bucket.headers() if self._key.bucket else {}

    def _count(self, result: str, messages: int) -> None:
        metrics.sent.labels(self._key.source, result).inc(messages)


def _mode(request: Request) -> Mode:
    """What is packed is not unpacked here: a few bytes could become more than there is room for.
    Raises HTTPException."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        why = "Send it as it is, without a Content-Encoding."
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, why, {"Accept-Encoding": "identity"})
    mode = mode_of(request.headers.get("Content-Type", ""))
    if mode is None:
        why = f"The Content-Type must be one of {TAKEN_HERE}."
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, why, {"Accept-Post": TAKEN_HERE})
    return mode


def _out_of_scope(arrived: Arrived) -> RefusalError:
    detail = f"This key is not for {arrived.kind}."
    return RefusalError("Out of scope", detail, ce_id=arrived.ce_id)


def _refused(refusal: RefusalError) -> OneOfMany:
    problem = refusal.problem
    return OneOfMany(ce_id=refusal.ce_id, status=status_of(problem), problem=wrong(problem))
