"""`tribune setup`: declares the streams, and what readers outside read by."""

from pathlib import Path

from deploy.connecting import SETUP, connected
from deploy.locks.following import stand_ready
from deploy.locks.keyring import Keyring
from deploy.terminal import Terminal
from deploy.upkeep.anew import begin_anew
from deploy.upkeep.declaring import declare_suite, told
from deploy.upkeep.pruning import prune as remove_what_is_left_over
from shared.runtime.monitoring import monitor_url

console = Terminal()


async def setup(data_dir: Path | None, *, prune: bool, anew: list[str]) -> int:
    async with connected(data_dir, SETUP) as suite:
        inboxes = suite.inboxes
        done = await declare_suite(suite.client, inboxes, monitor_url(suite.settings))
        lines = told(done)
        if prune:
            removed = await remove_what_is_left_over(suite.client, suite.settings)
            lines += [f"removed {line}" for line in removed] or ["nothing is left over"]
        lines += [
            await begin_anew(suite.client, suite.settings, inboxes, stream) for stream in anew
        ]
        if suite.settings.keys_dir is not None:
            await stand_ready(suite.client, Keyring(suite.settings.keys_dir))
    for line in lines:
        console.print(line, highlight=False)
    return 0
