"""`tribune redo`: has inboxes, reactions and relays go through their streams again."""

from pathlib import Path

from deploy.connecting import SETUP, connected
from deploy.given import UnknownNameError
from deploy.terminal import Terminal
from deploy.upkeep.redo import names as all_readers
from deploy.upkeep.redo import redo as do_again

console = Terminal()


async def redo(data_dir: Path | None, names: list[str], start: int | None) -> int:
    async with connected(data_dir, SETUP) as suite:
        known = all_readers(list(suite.inboxes))
        if unknown := [name for name in names if name not in known]:
            raise UnknownNameError(
                f"there is no inbox, reaction or relay {', '.join(unknown)}; there are"
                f" {', '.join(known)}"
            )
        for name in names or known:
            console.print(await do_again(suite.client, name, start), highlight=False)
        if not suite.services_run:
            console.print("It is done when the suite runs; `tribune up` starts it.")
    return 0
