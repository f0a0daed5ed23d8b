"""What one address may ask for in a second and at once; the rest is for others."""

import time
from collections import Counter
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.web import open311
from shared.web.addresses import Addresses
from shared.web.paces import Paces
from shared.web.problems import problem

SHORTLY = {"Retry-After": "1"}
ASKING: ContextVar[str | None] = ContextVar("address", default=None)
"""Of whom we work for just now, for what is so dear that nobody may have all of it."""
TOO_FAST = "So much is asked for from this address; try again in a moment."


@dataclass
class Share:
    """`each_s` and `at_once` are for one address; 0 is no limit."""

    addresses: Addresses = field(default_factory=Addresses)
    each_s: int = 0
    at_once: int = 0
    now: Callable[[], float] = time.monotonic
    refused: Callable[[], None] = lambda: None
    _asking: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._paces = Paces(self.each_s, self.now) if self.each_s else None

    def begins(self, address: str) -> bool:
        """Whether there is anything left for it; if so, it has to end as well."""
        if self.at_once and self._asking[address] >= self.at_once:
            return False
        if self._paces and not self._paces.takes(address):
            return False
        self._asking[address] += 1
        return True

    def ends(self, address: str) -> None:
        self._asking[address] -= 1
        if not self._asking[address]:
            del self._asking[address]


class FairShare:
    """Refuses before anything is looked up or rendered; a refusal must cost less than an answer."""

    def __init__(self, app: ASGIApp, share: Share) -> None:
        self._app = app
        self._share = share

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = self._share.addresses.of(scope) if scope["type"] == "http" else None
        if address is not None:
            scope.setdefault("state", {})["address"] = address
            ASKING.set(address)
        if address is None:
            await self._app(scope, receive, send)
        elif not self._share.begins(address):
            self._share.refused()
            await _refusal(scope)(scope, receive, send)
        else:
            try:
                await self._app(scope, receive, send)
            finally:
                self._share.ends(address)


def address_of(request: Request) -> str | None:
    """By which one reader is told from another; None where that can't be told."""
    return getattr(request.state, "address", None)


def _refusal(scope: Scope) -> Response:
    status, asked = HTTPStatus.TOO_MANY_REQUESTS, Request(scope)
    if open311.is_asked(asked):
        return open311.errors(asked, status, [TOO_FAST], SHORTLY)
    return problem(status, TOO_FAST, SHORTLY)
