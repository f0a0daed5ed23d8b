from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from locked import Locked, locked_server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def locked(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Locked]:
    folder: Path = tmp_path_factory.mktemp("locked")
    async with locked_server(folder) as found:
        yield found
