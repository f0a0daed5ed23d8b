"""One clean clone with its images built, for all tests with docker compose."""

from collections.abc import Iterator

import pytest
from composed import Composed, cloned


@pytest.fixture(scope="session")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composed]:
    with cloned(tmp_path_factory.mktemp("compose")) as composed:
        composed.tribune("init")
        composed.take_free_ports()
        composed.compose("--profile", "tools", "build", "--quiet")
        yield composed
