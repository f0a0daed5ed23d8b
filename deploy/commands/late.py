"""`tribune late`: who was late, as known at a moment."""

import json
from datetime import datetime
from pathlib import Path

from deploy.asking import ask
from deploy.connecting import connected
from deploy.looking.late import outside_the_log, who_was_late
from deploy.terminal import Terminal
from shared.runtime.outside import harmless

beside = Terminal(stderr=True)


async def late(
    data_dir: Path | None, on: datetime, late_on: datetime | None, *, as_json: bool
) -> int:
    async with connected(data_dir, services=True) as suite:
        rows = await who_was_late(suite.client, on, late_on=late_on)
        now = datetime.fromisoformat((await ask(suite.client, "intake"))["now"])
        if odd := await outside_the_log(suite.client, on, now):
            beside.print(odd, highlight=False, soft_wrap=True)
    if as_json:
        print(json.dumps(rows))  # noqa: T201
        return 0
    for row in rows:
        print(harmless(f"{row['due_at'][:10]}  {row['owner']:<12}  {row['check']}"))  # noqa: T201
    known = f"{on:%Y-%m-%d %H:%M} UTC"
    if late_on is None:
        print(f"{len(rows):,} checks were known to be overdue on {known}")  # noqa: T201
    else:
        late = f"{late_on:%Y-%m-%d %H:%M} UTC"
        print(f"{len(rows):,} checks were late on {late}, as known on {known}")  # noqa: T201
    return 0
