"""`POST /requests`: a request becomes a report in its source's inbox, and is known by a token."""

import hmac
import secrets
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from services.intake.api.files import kept
from services.intake.api.open311.message import arrived
from services.intake.api.open311.sent import Sent
from services.intake.api.open311.services import Services
from services.intake.api.open311.taking import Taking
from services.intake.api.open311.whereabouts import Locate, place_of
from services.intake.api.open311.wrong import WrongRequestError, bad
from shared.contracts.identity import aggregate_id
from shared.contracts.request_token import RANDOM, written
from shared.eventsourcing.inbox.over_http import Arrived
from shared.web import open311
from shared.web.parts import InParts
from shared.web.source_keys import SourceKey

LONGEST_KEY = 200
AWAY = (
    "The log does not answer, and whether this was taken in is not known. Send it again with the"
    " same Idempotency-Key; without one it may then be there twice."
)


@dataclass(frozen=True)
class Filing:
    """`places` are names by code, `public` the sources whose data are public; `locate` tells the
    place of a point, where the charter has a map."""

    taking: Taking
    services: Services
    places: Mapping[str, str]
    public: Container[str]
    now: Callable[[], datetime]
    locate: Locate | None = None

    async def answer(self, request: Request) -> Response:
        """Raises HTTPException, WrongRequestError."""
        async with self.taking.read(request) as (said, key, files):
            token = _token(request, key)
            message = self._message(said, token, key.source)
            if files.files or files.left_out:
                names = await self._attached(token, key.source, files)
                message = self._message(said, token, key.source, names)
            headers = await self.taking.take(request, key, message, AWAY)
        request_told = {"token": token, "service_notice": None, "account_id": None}
        return open311.told(request, "service_requests", [request_told], headers=headers)

    async def _attached(self, token: str, source: str, files: InParts) -> tuple[str, ...]:
        """Once all else is right. Raises HTTPException."""
        uploads = self.taking.roads.uploads
        assert uploads is not None  # noqa: S101  else nothing of a file was read
        return tuple((await kept(uploads, aggregate_id("report", source, token), files)).names)

    def _message(
        self, said: Sent, token: str, source: str, attached: tuple[str, ...] = ()
    ) -> Arrived:
        """Raises WrongRequestError with all that is wrong at once."""
        wrong = list(self.services.wrong_in(said))
        place = ""
        try:
            place = place_of(said, self.places, self.locate)
        except WrongRequestError as error:
            wrong += error.wrong
        if wrong:
            raise WrongRequestError(*wrong)
        is_public = source in self.public
        return arrived(said, token, place, self.now(), is_public=is_public, attached=attached)


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
