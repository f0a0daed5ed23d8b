"""`tribune publish`: a file into its source's inbox, with its receipts."""

import asyncio
import json
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.connecting import NoSuiteError, connected
from deploy.feeding.mapping import Mapping, read_rows
from deploy.feeding.publish import publish as send
from deploy.feeding.replay import replay
from deploy.given import read_given
from deploy.problems import FOUND_WRONG

PROBLEMS_SHOWN = 5

console = Console(stderr=True)


async def publish(
    data_dir: Path | None, file: Path, mapping: Path, *, as_json: bool, clock: bool
) -> int:
    """Exit 1 if any event was refused.

    Raises NoSuiteError, before anything is sent, where the suite is at rest.
    """
    rules = read_given(mapping, Mapping)
    events = await asyncio.to_thread(read_given, file, lambda path: rules.events(read_rows(path)))
    async with connected(data_dir) as suite:
        if not suite.services_run:
            raise NoSuiteError(
                "the suite in this folder does not run, so nobody would answer; start it with"
                " `tribune up`"
            )
        columns = (TextColumn("receipts"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console) as bar:
            task = bar.add_task("receipts", total=len(events))

            async def moved(answered: int) -> None:
                bar.update(task, completed=answered)

            if clock and events:
                end = events[-1].at
                publication = await replay(suite.client, rules.source, events, moved, end)
            else:
                publication = await send(suite.client, rules.source, events, moved)
    answered = publication.answered
    figures = {
        "sent": publication.sent,
        "accepted": answered.accepted,
        "duplicate": answered.duplicate,
        "refused": answered.refused,
    }
    problems = answered.problems.most_common()
    if as_json:
        print(json.dumps(figures | {"problems": dict(problems)}))  # noqa: T201
    else:
        Console().print("  ".join(f"{value:,} {name}" for name, value in figures.items()))
        for detail, count in problems[:PROBLEMS_SHOWN]:
            console.print(f"{count:,} refused: {detail}", markup=False)
    return FOUND_WRONG if answered.refused else 0
