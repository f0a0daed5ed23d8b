"""A guard for pages of the staff at the site, which asks the gate who somebody is."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from services.publishing.visitor import LONGEST, Visitor
from shared.runtime.form_pages import NotJustNowError
from shared.web.guard import Endpoint, Guard
from shared.web.sessions import Session

Asks = Callable[[str], Awaitable[Visitor | None]]


async def knows_nobody(_: str) -> Visitor | None:
    return None


@dataclass(frozen=True)
class AskingGuard(Guard):
    """`asks` what a token says of whom."""

    asks: Asks = knows_nobody

    def requires(self, *roles: str) -> Callable[[Endpoint], Endpoint]:
        guarded = super().requires(*roles)

        def asking(endpoint: Endpoint) -> Endpoint:
            inner = guarded(endpoint)

            async def answer(request: Request) -> Response:
                request.state.visitor = await self._known(self.cookie.of(request))
                return await inner(request)

            answer.opened_by = frozenset(roles)  # type: ignore[attr-defined]
            return answer

        return asking

    def who(self, request: Request) -> Session | None:
        session: Session | None = getattr(request.state, "visitor", None)
        return session

    async def _known(self, token: str) -> Session | None:
        if not token or len(token) > LONGEST:
            return None
        try:
            found = await self.asks(token)
        except Exception:  # noqa: BLE001  whatever it is, nobody has said who that is
            raise NotJustNowError from None
        if found is None:
            return None
        return Session(**found.model_dump())


def read(answer: bytes) -> Visitor | None:
    """As the gate says it."""
    said = json.loads(answer)
    return Visitor.model_validate(said) if said else None
