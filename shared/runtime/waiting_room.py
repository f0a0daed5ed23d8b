"""While a service waits for what it stands on, it says so at `/readyz` and to who asks by NATS."""

import asyncio
import contextlib
import socket
from typing import Any

import uvicorn
from nats.aio.client import Client
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from shared.runtime.connections import Crowd
from shared.runtime.http import http_server, inner_app, public_app
from shared.runtime.limits import crowd_of, share_of
from shared.runtime.own_address import own_address
from shared.runtime.owned import answering
from shared.runtime.program import Program
from shared.runtime.settings import Settings
from shared.web.answers import SaidError
from shared.web.condition import Condition
from shared.web.frame import Frame
from shared.web.language import marked

SHORTLY = {"Retry-After": "5"}
NOT_YET = (marked("Not ready yet"), marked("It is starting. Please try again in a moment."))


class WaitingRoom:
    """Opens with the first reason to wait, and holds the service's ports until it is left."""

    def __init__(self, program: Program, settings: Settings, frame: Frame) -> None:
        self._program = program
        self._name = program.name
        self._frame = frame
        self._settings = settings
        self._open = contextlib.AsyncExitStack()
        self._answers = False
        self._reason = ""

    def condition(self) -> Condition:
        return Condition([self._reason])

    async def tell(self, reason: str, client: Client | None) -> None:
        """`client` is our connection to NATS, once there is one."""
        is_first, self._reason = not self._reason, reason
        if is_first:
            self._serve()
        if client is not None and not self._answers:
            subject = f"query.{self._name}.progress"
            await self._open.enter_async_context(answering(client, subject, self._progress))
            self._answers = True

    async def leave(self) -> None:
        await self._open.aclose()

    def _serve(self) -> None:
        settings, name = self._settings, self._name
        if self._program.has_pages:
            routes = [Route("/{path:path}", _not_yet, methods=["GET", "POST"])]
            public = public_app(self._frame, routes, share=share_of(settings))
            self._answer(public, settings.host, settings.http_port(name), crowd_of(settings))
        inner = inner_app(self._frame, self.condition)
        self._answer(inner, own_address(settings.inner_host), settings.inner_http_port(name))

    def _answer(self, app: ASGIApp, host: str, port: int, crowd: Crowd | None = None) -> None:
        """A port that can't be had is told by whoever wants it for good."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with contextlib.suppress(OSError):
            taken = socket.create_server((host, port), family=family)
            server = http_server(app, host, port, crowd)
            server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
            serving = asyncio.create_task(server.serve([taken]))
            self._open.push_async_callback(_end, server, serving)

    async def _progress(self, _: Any) -> dict[str, Any]:
        return {
            "service": self._name,
            "instance": self._settings.instance_name,
            "positions": {},
            "troubles": [self._reason],
            "reasons": [self._reason],
            "warnings": [],
            "standby": [],
            "set_aside": {},
        }


async def _end(server: uvicorn.Server, serving: asyncio.Task[None]) -> None:
    server.should_exit = True
    await serving


async def _not_yet(_: Request) -> Response:
    raise SaidError(503, *NOT_YET, SHORTLY)
