"""The HTTP side that every service has: alive, ready, metrics; and what the service adds."""

from collections.abc import Callable, Sequence
from typing import Protocol

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from shared.runtime import metrics
from shared.runtime.connections import ACCEPTED_AT_ONCE, Connection

SSE_CLOSES_WITHIN_S = 2


class Ready(Protocol):
    def reasons(self) -> list[str]: ...
    def warnings(self) -> list[str]: ...


def http_app(
    readiness: Ready, routes: Sequence[BaseRoute], standbys: Callable[[], list[str]] = list
) -> Starlette:
    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def ready(_: Request) -> Response:
        """A standby is ready: it answers, and takes over when it has to."""
        reasons = readiness.reasons()
        body = {
            "status": "not ready" if reasons else "ready",
            "reasons": reasons,
            "standby": standbys(),
            "warnings": readiness.warnings(),
        }
        return JSONResponse(body, status_code=503 if reasons else 200)

    async def expose(_: Request) -> Response:
        return Response(metrics.exposition(), media_type="text/plain; version=0.0.4")

    own = [Route("/healthz", alive), Route("/readyz", ready), Route("/metrics", expose)]
    return Starlette(routes=[*own, *routes])


def http_server(app: Starlette, host: str, port: int) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        http=Connection,
        backlog=ACCEPTED_AT_ONCE,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=SSE_CLOSES_WITHIN_S,
    )
    return uvicorn.Server(config)
