"""Takes what a client of Open311 posts: reads it, knows its key, and waits for its receipt."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request

from services.intake.api.bodies import other_type, require_unpacked
from services.intake.api.files import BUSY
from services.intake.api.open311.fields import (
    FORM,
    JSON,
    MOST_FIELDS,
    PARTS,
    TAKEN_HERE,
    Pairs,
    UnreadableError,
    in_query,
    media_type,
    pairs_in,
)
from services.intake.api.open311.sent import Sent, sent
from services.intake.api.open311.wrong import WrongRequestError, bad
from services.intake.api.preferring import applied, wait_s
from services.intake.api.putting import AWAY, fitting, put
from services.intake.api.roads import Roads
from services.intake.api.told import status_of
from services.intake.api.who import NOBODY, SHORTLY, known_by_now, opens, within_rate
from services.intake.files.uploading import BusyError
from shared.contracts.receipt import Refused
from shared.eventsourcing.inbox.over_http import Arrived
from shared.eventsourcing.inbox.parse import RefusalError
from shared.runtime import metrics
from shared.web.parts import InParts, WrongPartsError, in_parts
from shared.web.source_keys import SourceKey

WAITS_S = 5
"""For the receipt: clients of Open311 do not ask for it."""

NO_KEY = "api_key is missing, or it is not good."


@dataclass(frozen=True)
class Taking:
    roads: Roads

    @asynccontextmanager
    async def read(self, request: Request) -> AsyncIterator[tuple[Sent, SourceKey, InParts]]:
        """The key stands in what is sent, so a form is read before it is known who sends it: it is
        no larger than any other, and its files are read only if the key came before them. Raises
        HTTPException, WrongRequestError."""
        known_by_now(self.roads.keys)
        require_unpacked(request)
        content_type = request.headers.get("Content-Type", "")
        if media_type(content_type) not in ("", FORM, PARTS, JSON):
            raise other_type(TAKEN_HERE)
        async with self._body(request, content_type) as (pairs, files):
            said = sent(_in_address(request) + pairs)
            key = self._key(request, said["api_key"])
            within_rate(key)
            yield said, key, files

    @asynccontextmanager
    async def _body(
        self, request: Request, content_type: str
    ) -> AsyncIterator[tuple[Pairs, InParts]]:
        if media_type(content_type) != PARTS:
            try:
                pairs = pairs_in(content_type, await request.body())
            except UnreadableError as error:
                raise WrongRequestError(bad(str(error))) from None
            yield pairs, InParts()
            return

        def knows(texts: Pairs) -> str:
            key = self._key(request, sent(_in_address(request) + texts)["api_key"])
            within_rate(key)
            return key.source

        try:
            async with self._parts(request, knows) as found:
                yield found.texts, found
        except WrongPartsError as error:
            raise WrongRequestError(bad(str(error))) from None
        except BusyError:
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, BUSY, SHORTLY) from None

    @asynccontextmanager
    async def _parts(
        self, request: Request, knows: Callable[[Pairs], str]
    ) -> AsyncIterator[InParts]:
        if uploads := self.roads.uploads:
            async with uploads.read(request, MOST_FIELDS, knows) as found:
                yield found
        else:
            content_type = request.headers.get("Content-Type", "")
            yield InParts(in_parts(content_type, await request.body(), MOST_FIELDS))

    async def take(
        self, request: Request, key: SourceKey, message: Arrived, away: str = AWAY
    ) -> dict[str, str]:
        """The headers of the answer; a refusal is the client's to see. Raises HTTPException."""
        (fits,) = await fitting(self.roads, key, [message])
        if isinstance(fits, RefusalError):
            problem = fits.problem
            raise HTTPException(status_of(problem), problem.detail)
        seconds = wait_s(request.headers.getlist("Prefer"))
        with self.roads.awaited.of(key.source) as waiting:
            last = await put(self.roads, key, [fits], away=away)
            receipt = (await waiting.receipts(last, last, seconds or WAITS_S)).get(last)
        if isinstance(receipt, Refused):
            raise HTTPException(status_of(receipt.problem), receipt.problem.detail)
        where = {"Location": self.roads.receipt_at(key, last)}
        rate = key.bucket.headers() if key.bucket else {}
        return where | rate | applied(seconds)

    def _key(self, request: Request, given: str) -> SourceKey:
        """Raises HTTPException; what was given is nowhere repeated."""
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        given = given or (bearer.strip() if scheme.lower() == "bearer" else "")
        found = self.roads.keys.of(given) if given else None
        if found is None:
            metrics.keys_used.labels(NOBODY, "refused").inc()
            raise HTTPException(HTTPStatus.FORBIDDEN, NO_KEY)
        opens(found)
        return found


def _in_address(request: Request) -> Pairs:
    """Raises WrongRequestError."""
    try:
        return in_query(request.scope["query_string"])
    except UnreadableError as error:
        raise WrongRequestError(bad(str(error))) from None
