"""Promotion's pages, and somebody who opens them."""

from collections.abc import AsyncIterator

import httpx
import pytest
from nats.aio.client import Client
from promotion_site import PromotionSite, promotion_site
from sqlalchemy import Engine


@pytest.fixture
async def site(nats: Client, database: Engine) -> AsyncIterator[PromotionSite]:
    async with promotion_site(nats, database) as running:
        yield running


@pytest.fixture
async def visitor(site: PromotionSite) -> AsyncIterator[httpx.AsyncClient]:
    async with site.client() as client:
        yield client
