"""What verifiers ask for: who issues, by which keys, what was earned, and what is revoked."""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.promotion.credentials.badge import rule_in_words, title_of
from services.promotion.credentials.consents import Consents
from services.promotion.credentials.issuer import ACHIEVEMENTS, LISTS, Issuer, PublicKey
from services.promotion.credentials.status import status_list
from services.promotion.credentials.told import Row, Tracks
from shared.contracts.identity import is_ours
from shared.web.answers import FOR_A_MINUTE, Kept, answer
from shared.web.frame import Frame

JSON, TOKEN = "application/json", "application/jwt"
HIGHEST = 6
"""Digits of a rule's version; longer ones nobody has."""


@dataclass(frozen=True)
class IssuerPages:
    """`keys` are all that were announced; `revoked` the places in a list, None if there is none."""

    frame: Frame
    issuer: Issuer
    consents: Consents
    tracks: Tracks
    keys: Callable[[], Awaitable[Sequence[Row]]]
    revoked: Callable[[str], Awaitable[list[int] | None]]

    def routes(self) -> list[Route]:
        return [
            Route("/.well-known/did.json", self.document),
            Route("/did.json", self.document),
            Route("/.well-known/jwks.json", self.key_set),
            Route("/.well-known/issuer.json", self.profile),
            Route(f"{LISTS}/{{list}}", self.status),
            Route(f"{ACHIEVEMENTS}/{{track}}/{{version}}", self.achievement),
        ]

    async def document(self, request: Request) -> Response:
        return _json(request, self.issuer.document(await self._keys()))

    async def key_set(self, request: Request) -> Response:
        return _json(request, self.issuer.key_set(await self._keys()))

    async def profile(self, request: Request) -> Response:
        return _json(request, self.issuer.profile())

    async def status(self, request: Request) -> Response:
        list_id = request.path_params["list"]
        revoked = await self.revoked(list_id) if is_ours(list_id) else None
        if revoked is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        said = status_list(self.issuer, list_id, revoked, self.consents.now().date())
        return answer(request, Kept(said.encode(), TOKEN), FOR_A_MINUTE)

    async def achievement(self, request: Request) -> Response:
        """For people; programs find the same in each credential."""
        track, version = request.path_params["track"], request.path_params["version"]
        is_number = version.isascii() and version.isdigit() and len(version) <= HIGHEST
        if not is_number or not self.tracks.has(track):
            raise HTTPException(HTTPStatus.NOT_FOUND)
        asked = self.tracks.qualification(track, int(version))
        return self.frame.page(
            request,
            "achievement.html",
            title=title_of(asked),
            rule=rule_in_words(self.frame.language, asked),
            did=self.issuer.did,
            keys=self.issuer.address("/.well-known/jwks.json"),
        )

    async def _keys(self) -> list[PublicKey]:
        """Our own first, for some verifiers look at lists by the first alone, and also before it
        has signed anything; then those of before. None that was ended."""
        rows, own = await self.keys(), self.issuer.signer
        ended = {row["key_id"] for row in rows if row["ended"]}
        told = {own.key_id: own.public_key}
        told |= {row["key_id"]: row["public_key"] for row in reversed(rows)}
        return [PublicKey(*each) for each in told.items() if each[0] not in ended]


def _json(request: Request, told: dict[str, Any]) -> Response:
    said = json.dumps(told, ensure_ascii=False, indent=2)
    return answer(request, Kept(said.encode(), JSON), FOR_A_MINUTE)
