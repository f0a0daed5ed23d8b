"""`tribune status`: streams, how far readers are behind, and what each program says of itself."""

import json
from pathlib import Path
from typing import Any

from rich.table import Table

from deploy.connecting import connected
from deploy.looking.status import is_troubled
from deploy.looking.status import status as look
from deploy.problems import FOUND_WRONG
from deploy.terminal import Terminal
from shared.runtime.monitoring import monitor_url
from shared.runtime.sizes import in_words

console = Terminal()


async def status(data_dir: Path | None, *, as_json: bool) -> int:
    """Exit 1 if a service does not answer or is in trouble, a process refuses to run, something is
    dead, or a stream is missing."""
    async with connected(data_dir) as suite:
        found = await look(suite.client, suite.inboxes, monitor_url(suite.settings))
        found["refuses"] = dict(suite.refuses)
    missing = [s for s in found["streams"] if not s["declared"]]
    troubled = [name for name, said in found["services"].items() if is_troubled(said)]
    if as_json:
        print(json.dumps(found))  # noqa: T201
    else:
        _print_status(found)
    wrong = missing or troubled or found["dead"] or found["refuses"]
    return FOUND_WRONG if wrong else 0


def _print_status(found: dict[str, Any]) -> None:
    streams = Table("stream", "messages", "size", title="Streams", title_justify="left")
    for row in found["streams"]:
        messages = (
            f"{row['messages']:,}" if row["declared"] else "not declared; run `tribune setup`"
        )
        streams.add_row(row["stream"], messages, _filled(row))
    readers = Table("reader", "of", "at", "behind", title="Readers", title_justify="left")
    for row in found["readers"]:
        where = (row["reader"], row["stream"], f"{row['position']:,}", f"{row['lag']:,}")
        readers.add_row(*where)
    services = Table(
        "service", "instance", "state", "knows", title="Services", title_justify="left"
    )
    for name, said in found["services"].items():
        for one in said["replicas"] if said else ():
            services.add_row(name, one.get("instance", ""), _state(one), _knows(one))
        if said is None:
            services.add_row(name, "", "does not answer", "")
        for part, reason in found["refuses"].items():
            if part.startswith(f"{name}-"):
                services.add_row(name, part, f"not running, refuses: {reason}", "")
    for table in (streams, readers, services):
        console.print(table)
    kept = found["store"]
    full = f"{in_words(kept['used'])} of {in_words(kept['most'])}" if kept else "not known"
    console.print(f"store: {full}{'' if kept else '; the monitoring of NATS does not answer'}")
    if found["certificate"]:
        console.print(f"NATS's certificate is good until {found['certificate'][:10]}")
    console.print(f"dead letters: {found['dead']:,}")
    if (held := found["held"]) and held["next"]:
        console.print(
            f"held: {held['held']:,} events of protected sources; the next release is due at"
            f" {held['next'][:16].replace('T', ' ')} UTC, and lets out what more than a few share"
        )
    if due := found["retention"]:
        still = f" ({due['open']:,} still open)" if due["open"] else ""
        console.print(
            f"retention: {due['report']:,} reports{still} and {due['person']:,} persons are"
            f" announced to be erased, the first on {due['first']} UTC; see `tribune"
            " retention`"
        )
    for warning in found["warnings"]:
        console.print(warning, style="yellow")


def _filled(row: dict[str, Any]) -> str:
    size = in_words(row.get("bytes", 0))
    return f"{size} of {in_words(row['max_bytes'])}" if "max_bytes" in row else size


def _knows(said: dict[str, Any]) -> str:
    """Its figures; those of one thing together."""
    lines = []
    for name, value in said.items():
        if isinstance(value, dict) and value and name != "positions":
            counts = (f"{count:,} {what.replace('_', ' ')}" for what, count in value.items())
            lines.append(f"{name}: {', '.join(counts)}".replace("_", " "))
        elif isinstance(value, int):
            lines.append(f"{name}: {value:,}")
    return "\n".join(lines)


def _state(said: dict[str, Any]) -> str:
    """Troubles first, then what is only not done yet; a replica that stands by for others is as
    well as one that works."""
    database = [f"database {said['database']}"] if "database" in said else []
    not_yet = [reason for reason in said.get("reasons", ()) if reason not in said["troubles"]]
    standby = [f"runs, stands by for {', '.join(said['standby'])}"] if said.get("standby") else []
    return "; ".join([*said["troubles"], *database, *not_yet]) or "".join(standby) or "runs"
