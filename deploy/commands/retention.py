"""`tribune retention`: what is kept for how long, and what falls due when."""

import json
from pathlib import Path
from typing import Any

from rich.table import Table

from deploy.asking import ask
from deploy.connecting import connected
from deploy.looking.dead_by_inbox import dead_by_inbox
from deploy.terminal import Terminal

console = Terminal()


async def retention(data_dir: Path | None, *, as_json: bool) -> int:
    async with connected(data_dir, services=True) as suite:
        found = await ask(suite.client, "intake", "kept", {})
        dead = await dead_by_inbox(suite.client)
    for each in found["sources"]:
        each["dead"] = dead.get(each["source"], 0)
    if as_json:
        print(json.dumps(found))  # noqa: T201
    elif not found["sources"]:
        console.print("The charter says of no source how long its data are kept: all is kept.")
    else:
        _print(found)
    return 0


def _print(found: dict[str, Any]) -> None:
    table = Table(
        "source", "kept for", "reports", "persons", "dead letters", "next reminder", title="Kept"
    )
    for each in found["sources"]:
        table.add_row(
            each["source"],
            f"{each['keep_days']:,} days, announced {each['remind_days']:,} before",
            _states(each["reports"]),
            _states(each["persons"]),
            f"{each['dead']:,}",
            each["next_reminder"] or "",
        )
    console.print(table)
    due = Table("day", "source", "what", title="Falls due (UTC)", title_justify="left")
    for each in found["falls_due"]:
        due.add_row(each["day"], each["source"], f"{each['count']:,} {each['kind']}s")
    if found["falls_due"]:
        console.print(due)
    else:
        console.print("Nothing is announced.")


def _states(counts: dict[str, int]) -> str:
    told = [f"{counts['kept']:,} kept"]
    if counts["announced"]:
        still = f" ({counts['open']:,} still open)" if counts["open"] else ""
        told.append(f"{counts['announced']:,} announced{still}")
    if counts["erased"]:
        told.append(f"{counts['erased']:,} erased")
    if counts["clear"]:
        told.append(f"{counts['clear']:,} in the clear, which stay")
    return "\n".join(told)
