"""What is asked by NATS waits up to a limit of ours, whichever command it is."""

import pytest
from house import House

from shared.runtime.broker import WAITING, WAITING_BYTES

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_so_many_commands_wait_and_no_more(home: House) -> None:
    limits = {
        asked.subject: (asked._pending_msgs_limit, asked._pending_bytes_limit)
        for runtime in home.runtimes.values()
        for asked in runtime.client._subs.values()
        if asked.subject.startswith("cmd.")
    }
    assert {"cmd.promotion.InviteStaff", "cmd.intake.GiveSourceKey"} <= limits.keys()
    assert set(limits.values()) == {(WAITING, WAITING_BYTES)}
