"""`POST /requests`: a request becomes a report in its source's inbox, and is known by a token."""

import hmac
import secrets
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from services.intake.api.bodies import other_type, require_unpacked
from services.intake.api.open311.fields import (
    FORM,
    JSON,
    PARTS,
    TAKEN_HERE,
    UnreadableError,
    in_query,
    media_type,
    pairs_in,
)
from services.intake.api.open311.message import arrived
from services.intake.api.open311.sent import Sent, sent
from services.intake.api.open311.services import Services
from services.intake.api.open311.whereabouts import Locate, place_of
from services.intake.api.open311.wrong import WrongRequestError, bad
from services.intake.api.preferring import applied, wait_s
from services.intake.api.putting import fitting, put
from services.intake.api.roads import Roads
from services.intake.api.told import status_of
from services.intake.api.who import NOBODY, known_by_now, within_rate
from shared.contracts.receipt import Refused
from shared.contracts.request_token import RANDOM, written
from shared.eventsourcing.inbox.over_http import Arrived
from shared.eventsourcing.inbox.parse import RefusalError
from shared.runtime import metrics
from shared.web import open311
from shared.web.programs import RECEIPTS
from shared.web.source_keys import SourceKey

WAITS_S = 5
"""For the receipt: clients of Open311 do not ask for it."""

LONGEST_KEY = 200
NO_KEY = "api_key is missing, or it is not good."
AWAY = (
    "The log does not answer, and whether this was taken in is not known. Send it again with the"
    " same Idempotency-Key; without one it may then be there twice."
)


@dataclass(frozen=True)
class Filing:
    """`places` are names by code, `public` the sources whose data are public; `locate` tells the
    place of a point, where the charter has a map."""

    roads: Roads
    services: Services
    places: Mapping[str, str]
    public: Container[str]
    now: Callable[[], datetime]
    locate: Locate | None = None

    async def answer(self, request: Request) -> Response:
        """The key stands in what is sent, so a form is read before it is known who sends it: it is
        no larger than any other. Raises HTTPException, WrongRequestError."""
        known_by_now(self.roads.keys)
        said = await _read(request)
        key = self._key(request, said["api_key"])
        within_rate(key)
        token = _token(request, key)
        message = self._message(said, token, key.source)
        (fits,) = await fitting(self.roads, key, [message])
        if isinstance(fits, RefusalError):
            problem = fits.problem
            raise HTTPException(status_of(problem), problem.detail)
        seconds = wait_s(request.headers.getlist("Prefer"))
        with self.roads.awaited.of(key.source) as waiting:
            last = await put(self.roads, key, [fits], away=AWAY)
            receipt = (await waiting.receipts(last, last, seconds or WAITS_S)).get(last)
        if isinstance(receipt, Refused):
            raise HTTPException(status_of(receipt.problem), receipt.problem.detail)
        where = {"Location": f"{self.roads.root}{RECEIPTS}{key.source}/{last}"}
        rate = key.bucket.headers() if key.bucket else {}
        request_told = {"token": token, "service_notice": None, "account_id": None}
        headers = where | rate | applied(seconds)
        return open311.told(request, "service_requests", [request_told], headers=headers)

    def _message(self, said: Sent, token: str, source: str) -> Arrived:
        """Raises WrongRequestError with all that is wrong at once."""
        wrong = list(self.services.wrong_in(said))
        place = ""
        try:
            place = place_of(said, self.places, self.locate)
        except WrongRequestError as error:
            wrong += error.wrong
        if wrong:
            raise WrongRequestError(*wrong)
        return arrived(said, token, place, self.now(), is_public=source in self.public)

    def _key(self, request: Request, given: str) -> SourceKey:
        """Raises HTTPException; what was given is nowhere repeated."""
        scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
        given = given or (bearer.strip() if scheme.lower() == "bearer" else "")
        found = self.roads.keys.of(given) if given else None
        if found is None:
            metrics.keys_used.labels(NOBODY, "refused").inc()
            raise HTTPException(HTTPStatus.FORBIDDEN, NO_KEY)
        return found


async def _read(request: Request) -> Sent:
    """Raises HTTPException, WrongRequestError."""
    require_unpacked(request)
    content_type = request.headers.get("Content-Type", "")
    if media_type(content_type) not in ("", FORM, PARTS, JSON):
        raise other_type(TAKEN_HERE)
    body = await request.body()
    try:
        pairs = in_query(request.scope["query_string"]) + pairs_in(content_type, body)
    except UnreadableError as error:
        raise WrongRequestError(bad(str(error))) from None
    return sent(pairs)


def _token(request: Request, key: SourceKey) -> str:
    """Sent again with the same `Idempotency-Key` a request has the same token, and so is the same
    report; who does not have the source's key can't tell which."""
    again = request.headers.get("Idempotency-Key", "")
    if not again:
        return written(secrets.token_hex(RANDOM // 2), key.source)
    if len(again) > LONGEST_KEY:
        words = f"Idempotency-Key has at most {LONGEST_KEY} characters."
        raise WrongRequestError(bad(words))
    proof = hmac.digest(key.digest.encode(), again.encode(), "sha256").hex()
    return written(proof[:RANDOM], key.source)
