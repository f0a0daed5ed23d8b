from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from house import House
from opening import house

from shared.testing.servers import nats_server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def home(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    with nats_server() as server:
        async with house(server, tmp_path_factory.mktemp("house")) as found:
            yield found
