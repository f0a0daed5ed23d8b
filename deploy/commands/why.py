"""`tribune why`: the chain of events that led to one."""

import json
from dataclasses import asdict
from pathlib import Path

from deploy.connecting import connected
from deploy.looking.ids import Names
from deploy.looking.why import Line
from deploy.looking.why import explain as chain
from services.publishing.settings import known_release_key
from shared.runtime.outside import harmless


async def why(data_dir: Path | None, given: str, *, as_json: bool) -> int:
    """Line by line as they are found: a qualification may stand on a hundred thousand reports."""
    async with connected(data_dir) as suite:
        before = "["
        names = Names(list(suite.inboxes), known_release_key(suite.settings))
        async for line in chain(suite.client, given, suite.codec, names):
            if as_json:
                print(f"{before}{json.dumps(asdict(line))}", end="")  # noqa: T201
                before = ",\n"
            else:
                print(_told(line))  # noqa: T201
    if as_json:
        print("]")  # noqa: T201
    return 0


def _told(line: Line) -> str:
    mark = "  " * line.depth + ("because " if line.depth else "")
    where = f"  {line.stream}/{line.sequence}" if line.stream else ""
    by = f"  by {line.by}" if line.by else ""
    return harmless(f"{mark}{line.what}{where}  {line.text}".rstrip() + by)
