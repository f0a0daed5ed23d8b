"""A visitor of a small service on the frame."""

from collections.abc import AsyncIterator

import httpx
import pytest
from framed import framed, visiting


@pytest.fixture
async def visitor() -> AsyncIterator[httpx.AsyncClient]:
    async with visiting(framed()) as client:
        yield client
