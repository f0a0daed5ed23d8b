"""A visitor of a small service on the frame, and somebody who watches over it."""

from collections.abc import AsyncIterator

import httpx
import pytest
from framed import framed, inner, visiting


@pytest.fixture
async def visitor() -> AsyncIterator[httpx.AsyncClient]:
    async with visiting(framed()) as client:
        yield client


@pytest.fixture
async def watcher() -> AsyncIterator[httpx.AsyncClient]:
    async with visiting(inner()) as client:
        yield client
