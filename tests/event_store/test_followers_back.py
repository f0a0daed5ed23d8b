"""What is shown is never ahead of the log, and never goes back in it."""

from types import SimpleNamespace
from typing import Any

import pytest
from counts import counting, fail_at, fill, messages, prepared
from nats.aio.client import Client
from sqlalchemy import Engine

from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.projections.prepare import prepare
from shared.eventsourcing.projections.projections import Projections
from shared.eventsourcing.projections.projector import Projector
from shared.eventsourcing.projections.read_model import ReadModel
from shared.runtime.parts import _know_no_more_than_the_log

SIBLING, OLD = counting("others_v1"), counting("counts_v1")
NEW = counting("counts_v2", replaces=OLD)


@pytest.mark.parametrize("newest", [OLD, NEW], ids=lambda model: model.name)
async def test_rows_of_whatever_version_beyond_the_end_of_the_log_are_refused(
    nats: Client, database: Engine, newest: ReadModel
) -> None:
    """The one that is served may be the one that is replaced."""
    await fill(nats, 1, 4)
    prepared(database, OLD).apply(messages(1, 5))
    prepare(database, [newest])
    runtime: Any = SimpleNamespace(engine=database, client=nats)
    with pytest.raises(LogDamagedError, match="ends at 4, but counts_v1 was made from it up to 5"):
        await _know_no_more_than_the_log(runtime, [newest])


async def test_what_the_new_one_set_aside_is_told_after_the_switch_too(
    nats: Client, database: Engine
) -> None:
    await fill(nats, 1, 10)
    await prepared(database, SIBLING, OLD).catch_up(nats, 10)
    failing = counting("counts_v2", fail_at(7), OLD)
    prepare(database, [SIBLING, failing])
    await Projector(database, [failing]).catch_up(nats, 10)
    projections = Projections(database, [SIBLING, failing])
    projections.begin()
    assert projections.set_aside == {failing.name: 1}
    follower = projections._followers.pop(failing.name)
    assert await follower._joins()
    assert projections.set_aside == {failing.name: 1}
