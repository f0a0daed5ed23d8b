"""Promotion over HTTP: its front page."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.runtime.runtime import Runtime

FOLDER = Path(__file__).parent / "site"


def add_pages(runtime: Runtime) -> None:
    frame = runtime.frame
    frame.take_in(FOLDER)

    async def front(request: Request) -> Response:
        return frame.page(request, "front.html", condition=runtime.condition())

    runtime.routes.append(Route("/", front))
