"""One aggregate that stands in the way of many costs a few appends, and not one for each."""

from collections.abc import Sequence
from typing import Any

import pytest

from shared.eventsourcing.event_store import Append, EventStore
from tests.event_store.test_command_handler import _events, answer, file, handler, report_id

MANY, CONTESTED, TIMES = 500, 250, 6
HALVINGS = 9


async def test_an_aggregate_that_others_write_all_the_time(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first batches in which it stands come too late, each by another event of theirs."""
    ours, theirs, append = handler(store), handler(store), store.append
    await ours.handle([file(number) for number in range(MANY)])
    sizes: list[int] = []

    async def too_late(appends: Sequence[Append], *sent: Any) -> list[int]:
        sizes.append(len(appends))
        if any(each.key.id == report_id(CONTESTED) for each in appends) and len(sizes) <= TIMES:
            monkeypatch.setattr(store, "append", append)
            await theirs.handle([answer(CONTESTED, f"theirs {len(sizes)}")])
            monkeypatch.setattr(store, "append", too_late)
        return await append(appends, *sent)

    monkeypatch.setattr(store, "append", too_late)
    outcomes = await ours.handle([answer(number, "Done.") for number in range(MANY)])
    assert [(each.error, each.new_events) for each in outcomes] == [(None, 1)] * MANY
    assert len(sizes) <= 2 + 2 * HALVINGS
    answers = (await _events(store, CONTESTED)).count("ReportAnswered")
    assert answers - 1 in range(3, TIMES + 1)
