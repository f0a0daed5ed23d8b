"""The front page of a service that shows nothing else yet: what it is, and how it does."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from shared.runtime.runtime import Runtime


def add_front_page(runtime: Runtime, folder: Path) -> None:
    """From the templates of the service, in its `folder`."""
    frame = runtime.frame
    frame.take_in(folder)

    async def front(request: Request) -> Response:
        return frame.page(request, "front.html", condition=runtime.condition())

    runtime.routes.append(Route("/", front))
