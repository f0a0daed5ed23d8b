"""Promotion's pages, and a member who opens them."""

from collections.abc import AsyncIterator

import httpx
import pytest
from nats.aio.client import Client
from promotion_site import PromotionSite, promotion_site
from sqlalchemy import Engine
from visiting import signed_up


@pytest.fixture
async def site(nats: Client, database: Engine) -> AsyncIterator[PromotionSite]:
    async with promotion_site(nats, database) as running:
        yield running


@pytest.fixture
async def ann(site: PromotionSite) -> AsyncIterator[httpx.AsyncClient]:
    async with site.client() as client:
        await signed_up(client)
        yield client


@pytest.fixture
async def bob(site: PromotionSite) -> AsyncIterator[httpx.AsyncClient]:
    async with site.client() as client:
        await signed_up(client)
        yield client


@pytest.fixture
async def stranger(site: PromotionSite) -> AsyncIterator[httpx.AsyncClient]:
    async with site.client() as client:
        yield client
