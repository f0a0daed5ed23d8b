"""A really running public site and a real browser that looks at it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chromium import CHROMIUM, Tab, browser
from public_site import PublicSite, public_site
from sqlalchemy import Engine

from shared.runtime.http import http_server


@pytest.fixture
async def site(database: Engine) -> AsyncIterator[PublicSite]:
    async with public_site(database) as running:
        yield running


@pytest.fixture
async def address(site: PublicSite) -> AsyncIterator[str]:
    """Of the site, served on a free port until the site stops."""
    server = http_server(site.app, "127.0.0.1", 0)
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup()
    port = server.servers[0].sockets[0].getsockname()[1]
    serving = asyncio.create_task(server.main_loop())
    yield f"http://127.0.0.1:{port}"
    site.stop()
    server.should_exit = True
    await serving
    await asyncio.wait_for(server.shutdown(), 10)


@pytest.fixture
async def tab(tmp_path: Path, address: str) -> AsyncIterator[Tab]:  # noqa: ARG001  closes before the site
    if CHROMIUM is None:
        pytest.skip("no chromium is installed (on Debian: apt-get install chromium)")
    async with browser(tmp_path / "profile") as tab:
        yield tab
