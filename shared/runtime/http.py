"""The HTTP side of a service: a public door, and an inner one for those who watch over it."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any, Literal

import uvicorn
from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from shared.runtime import metrics
from shared.runtime.connections import Connection, Crowd
from shared.runtime.open_files import accepted_at_once
from shared.web.app import WebApp, web_app
from shared.web.condition import Condition
from shared.web.fair_share import Share
from shared.web.frame import Frame

SSE_CLOSES_WITHIN_S = 2
LONGEST_HEAD = 16 * 1024
"""Of a request: its address and all its headers."""

FEW = 100
"""Connections at a door that only operators know."""

WATCHING = "For programs that watch"


class Alive(BaseModel):
    status: Literal["alive"]


class Ready(BaseModel):
    """Why it is not ready, which loops another process runs, and what to know in time."""

    status: Literal["ready", "not ready"]
    reasons: list[str]
    standby: list[str]
    warnings: list[str]


def public_app(
    frame: Frame,
    routes: Sequence[BaseRoute] = (),
    routers: Sequence[APIRouter] = (),
    share: Share | None = None,
) -> WebApp:
    """Knows nothing of how far the service is: what comes in unseen must not move what is seen."""
    return web_app(frame, [_alive(), *routers], routes, share)


def inner_app(frame: Frame, condition: Callable[[], Condition]) -> WebApp:
    return web_app(frame, [_alive(), _watched(condition)])


def _alive() -> APIRouter:
    router = APIRouter(tags=[WATCHING])

    @router.head("/healthz", include_in_schema=False)
    @router.get("/healthz", summary="Whether the process lives")
    async def alive() -> Alive:
        return Alive(status="alive")

    return router


def _watched(condition: Callable[[], Condition]) -> APIRouter:
    """The answers are as they are, also when they are no good news."""
    router = APIRouter(tags=[WATCHING])
    not_ready: dict[int | str, dict[str, Any]] = {
        503: {"model": Ready, "description": "Not ready; the reasons say why"}
    }

    @router.head("/readyz", include_in_schema=False)
    @router.get(
        "/readyz",
        summary="Whether the service is ready",
        response_model=Ready,
        responses=not_ready,
    )
    async def ready() -> Response:
        """A standby is ready: it answers, and takes over when it has to."""
        now = condition()
        body = {
            "status": "ready" if now.ready else "not ready",
            "reasons": now.reasons,
            "standby": now.standby,
            "warnings": now.warnings,
        }
        status = HTTPStatus.OK if now.ready else HTTPStatus.SERVICE_UNAVAILABLE
        return JSONResponse(body, status)

    @router.head("/metrics", include_in_schema=False)
    @router.get("/metrics", summary="Figures for Prometheus", response_class=_Exposition)
    async def expose() -> Response:
        return _Exposition(await asyncio.to_thread(metrics.exposition))

    return router


class _Exposition(Response):
    media_type = "text/plain; version=0.0.4"


def http_server(app: ASGIApp, host: str, port: int, crowd: Crowd | None = None) -> uvicorn.Server:
    crowd = crowd or Crowd(most=FEW)
    config = uvicorn.Config(
        app,
        http=partial(Connection, crowd=crowd),  # type: ignore[arg-type]
        h11_max_incomplete_event_size=LONGEST_HEAD,
        backlog=accepted_at_once(),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        proxy_headers=False,  # settings say where the site is; whoever asks could say anything
        lifespan="off",
        timeout_graceful_shutdown=SSE_CLOSES_WITHIN_S,
    )
    return uvicorn.Server(config)
