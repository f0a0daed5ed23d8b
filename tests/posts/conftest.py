"""Promotion's pages with tracks, a placer, and members who qualify."""

from collections.abc import AsyncIterator

import httpx
import pytest
from credentials_shown import TRACK
from nats.aio.client import Client
from promotion_site import PromotionSite, promotion_site
from sqlalchemy import Engine
from visiting import joined


@pytest.fixture
async def site(nats: Client, database: Engine) -> AsyncIterator[PromotionSite]:
    async with promotion_site(nats, database, tracks=(TRACK,)) as running:
        yield running


@pytest.fixture
async def placer(site: PromotionSite) -> AsyncIterator[httpx.AsyncClient]:
    async with site.client() as client:
        await joined(site, client, "pla")
        yield client


@pytest.fixture
async def stranger(site: PromotionSite) -> AsyncIterator[httpx.AsyncClient]:
    async with site.client() as client:
        yield client
