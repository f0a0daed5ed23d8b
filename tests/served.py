"""An application on a port of its own, as a browser reaches it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.types import ASGIApp

from shared.runtime.http import http_server


@asynccontextmanager
async def served(app: ASGIApp, port: int = 0) -> AsyncIterator[str]:
    server = http_server(app, "127.0.0.1", port)
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup()
    own = server.servers[0].sockets[0].getsockname()[1]
    serving = asyncio.create_task(server.main_loop())
    try:
        yield f"http://127.0.0.1:{own}"
    finally:
        server.should_exit = True
        await serving
        await asyncio.wait_for(server.shutdown(), 10)
