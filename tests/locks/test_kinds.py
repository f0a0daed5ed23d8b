"""What the kinds of users may do, as it is written."""

import pytest

from deploy.locks.kinds import FOLDER, rights

KINDS = sorted(path.stem for path in FOLDER.glob("*.toml"))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_allowed_twice(kind: str) -> None:
    """Of an account that imports a subject twice the server lets nobody in."""
    found = rights(kind, "somebody")
    for asked in (found.requests, found.of_services, found.answers):
        assert len(asked) == len({*asked})
