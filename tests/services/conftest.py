"""The public site, and a client of it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from public_site import PublicSite, public_site
from sqlalchemy import Engine


@pytest.fixture
async def site(database: Engine) -> AsyncIterator[PublicSite]:
    async with public_site(database) as running:
        yield running


@pytest.fixture
async def client(site: PublicSite) -> AsyncIterator[httpx.AsyncClient]:
    async with site.client() as client:
        yield client
