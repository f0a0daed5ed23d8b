"""Files in a real object store, sealed by a real vault."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from kept_files import Kept, kept_in
from nats.aio.client import Client


@pytest.fixture
async def kept(nats: Client, tmp_path: Path) -> AsyncIterator[Kept]:
    async with kept_in(nats, tmp_path) as found:
        yield found
