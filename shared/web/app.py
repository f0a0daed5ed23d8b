"""The HTTP side of a service as all have it: headers, errors, assets, and what the service adds."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.web.assets import assets_route
from shared.web.body_limit import BodyLimit
from shared.web.direct import Direct, KeptRoute
from shared.web.docs import operations, shapes
from shared.web.errors import Errors
from shared.web.fair_share import FairShare, Share
from shared.web.frame import Frame
from shared.web.headers import SecurityHeaders
from shared.web.packing import packed
from shared.web.problems import SCHEMAS
from shared.web.strict_bodies import names_each_field_once
from shared.web.strict_fields import StrictAddresses
from shared.web.wellknown import well_known

NO_TELEMETRY: Any = dict.fromkeys(("tracing", "metrics", "logs", "auto_configure"), False)


class WebApp(FastAPI):
    """`root` is the path that the service lies under behind its proxy; `share` is what each address
    may ask for, if there is a limit."""

    root = ""
    share: Share | None = None
    kept: Sequence[KeptRoute] = ()
    is_secure = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As ASGI has it, a path contains the root; a proxy may have taken it off."""
        if self.root and scope["type"] == "http":
            path = scope["path"]
            is_whole = f"{path}/".startswith(f"{self.root}/")
            whole = path if is_whole else self.root + path
            scope = {**scope, "root_path": self.root, "path": whole}
        await super().__call__(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """Around everything, also around what answers when all else has failed."""
        stack = super().build_middleware_stack()
        stack = Direct(stack, self.kept) if self.kept else stack
        stack = stack if self.share is None else FairShare(stack, self.share)
        return SecurityHeaders(stack, is_secure=self.is_secure)

    def openapi(self) -> dict[str, Any]:
        """With the form of problems, which no operation answers with by itself."""
        document = super().openapi()
        schemas = document.setdefault("components", {}).setdefault("schemas", {})
        schemas |= {name: form for name, form in SCHEMAS.items() if name not in schemas}
        return document


def web_app(
    frame: Frame,
    routers: Sequence[APIRouter] = (),
    routes: Sequence[BaseRoute] = (),
    share: Share | None = None,
) -> WebApp:
    """`routers` are for programs; `routes` of pages come last, so one may take whatever is left."""
    errors = Errors(frame)
    failures = {
        Exception: errors.failed,
        HTTPException: errors.refused,
        ClientDisconnect: errors.left,
    }
    app = WebApp(
        title=f"{frame.house.name}: {frame.service}",
        dependencies=[Depends(names_each_field_once)],
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        middleware=[
            Middleware(packed),
            Middleware(ExceptionMiddleware, handlers=failures),
            Middleware(BodyLimit),
            Middleware(StrictAddresses),
        ],
        exception_handlers={
            HTTPException: errors.refused,
            RequestValidationError: errors.invalid,
        },
        telemetry=NO_TELEMETRY,
    )
    app.root, app.share, app.is_secure = frame.sites.root, share, frame.sites.is_secure
    app.kept = [route for route in routes if isinstance(route, KeptRoute)]
    for router in routers:
        app.include_router(router)

    async def docs(request: Request) -> Response:
        document = app.openapi()
        told, of = operations(document, frame.language), shapes(document, frame.language)
        return frame.page(request, "api.html", operations=told, shapes=of)

    own = [Route("/api", docs), assets_route(frame.assets), *well_known(frame)]
    app.router.routes += [*own, *routes]
    return app
