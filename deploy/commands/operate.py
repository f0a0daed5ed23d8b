"""What operators ask of a suite: setup, status, rebuild, why, verify."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.table import Table

from deploy.commands.steps import step_by_step
from deploy.connecting import connected
from deploy.given import UnknownNameError
from deploy.locks.following import stand_ready
from deploy.locks.keyring import Keyring
from deploy.looking.ids import Names
from deploy.looking.status import is_troubled, status
from deploy.looking.why import Line
from deploy.looking.why import explain as chain
from deploy.problems import FOUND_WRONG
from deploy.suite import SERVICES, database, read_models, read_models_named
from deploy.terminal import Terminal
from deploy.upkeep.anew import begin_anew
from deploy.upkeep.declaring import declare_suite, told
from deploy.upkeep.pruning import prune as remove_what_is_left_over
from deploy.upkeep.redo import names as all_readers
from deploy.upkeep.redo import redo as do_again
from deploy.verify import Verdict
from deploy.verify import verify as prove
from services.publishing.settings import known_release_key
from shared.eventsourcing.jetstream.streams import InboxLimits
from shared.eventsourcing.projections.rebuild import rebuild as build_anew
from shared.runtime.charter import read_charter
from shared.runtime.monitoring import monitor_url
from shared.runtime.outside import harmless
from shared.runtime.settings import Settings
from shared.runtime.sizes import in_words

SETUP = "setup"

console, steps = Terminal(), Terminal(stderr=True)


def _inboxes(settings: Settings) -> dict[str, InboxLimits]:
    return read_charter(settings.charter_dir).inboxes(settings.inbox_limits)


async def setup(data_dir: Path | None, *, prune: bool, anew: list[str]) -> int:
    async with connected(data_dir, SETUP) as suite:
        inboxes = _inboxes(suite.settings)
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


async def redo(data_dir: Path | None, names: list[str], start: int | None) -> int:
    async with connected(data_dir, SETUP) as suite:
        sources = list(_inboxes(suite.settings))
        known = all_readers(sources)
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


async def show_status(data_dir: Path | None, *, as_json: bool) -> int:
    """Exit 1 if a service does not answer or is in trouble, a process refuses to run, something is
    dead, or a stream is missing."""
    async with connected(data_dir) as suite:
        inboxes = _inboxes(suite.settings)
        found = await status(suite.client, inboxes, monitor_url(suite.settings))
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


async def rebuild(data_dir: Path | None, names: list[str]) -> int:
    known = [model.name for service in SERVICES for model in read_models(service)]
    found = {model.name for service in SERVICES for model in read_models_named(service, names)}
    if unknown := [name for name in names if name not in found]:
        raise UnknownNameError(
            f"there is no read model {', '.join(unknown)}; there are {', '.join(known)}"
        )
    async with connected(data_dir) as suite:
        for service in SERVICES:
            engine = database(suite.settings, service)
            for model in read_models_named(service, names):
                rows = await build_anew(suite.client, engine, model, codec=suite.codec)
                console.print(f"{model.name} of {service}: {rows:,} rows, switched over")
            engine.dispose()
    return 0


async def explain(data_dir: Path | None, given: str, *, as_json: bool) -> int:
    """Line by line as they are found: a qualification may stand on a hundred thousand reports."""
    async with connected(data_dir) as suite:
        before = "["
        names = Names(list(_inboxes(suite.settings)), known_release_key(suite.settings))
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


async def verify(data_dir: Path | None, *, as_json: bool) -> int:
    async with connected(data_dir) as suite:
        with step_by_step(steps) as told:
            verdict = await prove(
                suite.client, suite.settings, told.begins, suite.codec, told.moved
            )
    if as_json:
        print(json.dumps(asdict(verdict)))  # noqa: T201
    else:
        _print_verdict(verdict)
    return FOUND_WRONG if verdict.wrong else 0


def _print_verdict(verdict: Verdict) -> None:
    for line in verdict.looked_at:
        console.print(f"  {line}", highlight=False)
    for title, lines, colour in (
        ("not done yet, and so not proven:", verdict.behind, "yellow"),
        ("left over; `tribune setup --prune` removes what may go:", verdict.left_over, "yellow"),
        ("wrong:", verdict.wrong, "red"),
    ):
        if lines:
            console.print(title, style=colour)
        for line in lines:
            console.print(f"  {line}", style=colour, highlight=False, soft_wrap=True)
    if verdict.wrong:
        console.print("differences found", style="red")
    else:
        console.print("no difference")
