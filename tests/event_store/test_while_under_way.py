"""Others in the same process write while a batch is on its way: its no is asked for again."""

from collections.abc import Callable, Sequence

import pytest

from services.intake.domain.duplicate import MarkDuplicate, RefuseDuplicate
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.event_store import Append, nobody_listens
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.testing.examples import MONDAY
from tests.event_store.test_command_handler import answer, confirm, file, handler, report_id

CLAIM = Envelope(MarkDuplicate(report_id(1), report_id(9), MONDAY), id="claim")
REFUSE = Envelope(
    RefuseDuplicate(report_id(1), report_id(9), MONDAY, "It is no duplicate."), id="refuse"
)
YES_AGAIN = answer(1, "Yes.")._replace(id="yes again")


class Interrupted(InMemoryEventStore):
    """Others write as soon as an append is on its way, and before it is there."""

    others: CommandHandler
    then: Sequence[Envelope] = ()

    async def append(
        self, appends: Sequence[Append], sent: Callable[[], None] = nobody_listens
    ) -> list[int]:
        commands, self.then = self.then, ()
        if commands:
            await self.others.handle(commands)
        return await super().append(appends, sent)


@pytest.mark.parametrize(
    ("before", "then", "asked"),
    [
        ([CLAIM], [REFUSE, confirm(1)], confirm(1)),
        ([answer(1, "Yes.")], [answer(1, "No."), YES_AGAIN], YES_AGAIN),
    ],
    ids=["a refusal", "what is so already"],
)
async def test_what_was_carried_out_meanwhile_is_told_as_carried_out(
    before: list[Envelope], then: list[Envelope], asked: Envelope
) -> None:
    """By another task of the same process, to which it became possible: what that one recorded is
    known to ours at once, and the state that ours decided on was older."""
    store = Interrupted()
    store.others = ours = handler(store)
    await ours.handle([file(1), *before])
    store.then = then
    outcome, another = await ours.handle([asked, file(2)])
    assert another.new_events == 1
    assert (outcome.error, outcome.duplicate, outcome.sequence) == (None, False, 4)
