"""`tribune publish`: a file into its source's inbox, with its receipts."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from deploy.commands.feed_told import as_told, tell_problems
from deploy.commands.progress import Tell, telling
from deploy.connecting import NoSuiteError, connected
from deploy.feeding.mapping import Mapping
from deploy.feeding.publish import Publication
from deploy.feeding.publish import publish as send
from deploy.feeding.replay import hands_of, replay
from deploy.feeding.tables import Table, open_table
from deploy.feeding.taking import Taken, take
from deploy.feeding.taking.draft import write_draft
from deploy.problems import FOUND_WRONG, WRONG_USE

PROBLEMS_SHOWN = 5

console = Console(stderr=True)


@dataclass(frozen=True)
class Given:
    """What the command was called with."""

    file: Path
    mapping: Path
    data_dir: Path | None = None
    as_json: bool = False
    clock: bool = False
    dry_run: bool = False
    charter_draft: Path | None = None
    rejects: Path | None = None


def publish(given: Given) -> int:
    """The whole file is read before anything is connected to. Exit 2 if rows are wrong and nobody
    said what to do with them, else 1 if any were left out or refused."""
    mapping = Mapping(given.mapping)
    shape = mapping.shape
    table = open_table(given.file, shape.file, shape.time_zone, mapping.columns())
    with _taken(given, mapping, table) as taken:
        if given.dry_run or given.charter_draft:
            return _told_only(given, mapping, table, taken)
        tell_problems(console, taken, mapping, table, given)
        if taken.problems and not given.rejects:
            return WRONG_USE
        publication = asyncio.run(_sent(given, taken))
    return _summed_up(given, taken, publication)


@contextmanager
def _taken(given: Given, mapping: Mapping, table: Table) -> Iterator[Taken]:
    with telling(console, f"reads {given.file.name}", "rows") as tell:
        taken = take(table, mapping, lambda rows: tell(rows, table.share_read()), given.rejects)
    try:
        yield taken
    finally:
        taken.close()


def _told_only(given: Given, mapping: Mapping, table: Table, taken: Taken) -> int:
    as_told(console, given, mapping, table, taken)
    if given.charter_draft:
        written = write_draft(given.charter_draft, taken, mapping, given.file.name)
        console.print(
            f"{given.charter_draft}: wrote {', '.join(written)}. Go over the names, and then"
            f" `tribune charter check {given.charter_draft}`",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    if not taken.problems:
        return 0
    return FOUND_WRONG if given.rejects else WRONG_USE


async def _sent(given: Given, taken: Taken) -> Publication:
    """Raises NoSuiteError, before anything is sent, where the suite is at rest."""
    count, source = taken.counts.total(), taken.source
    async with connected(given.data_dir) as suite:
        if not suite.services_run:
            raise NoSuiteError(
                "the suite in this folder does not run, so nobody would answer; start it with"
                " `tribune up`"
            )
        with telling(console, "receipts", "events", of=count) as tell:
            moved = _Moved(tell, count)
            try:
                url = suite.settings.nats_url.get_secret_value()
                async with hands_of(url, suite.settings.credentials, source) as hands:
                    if given.clock and count:
                        events = list(taken.events())
                        return await replay(hands, source, events, moved.to, events[-1].at)
                    return await send(hands.looks, source, taken.events(), moved.to, hands.sends)
            except asyncio.CancelledError:
                console.print(
                    f"stopped after {moved.answered:,} of {count:,} receipts; publish the same file"
                    " again to go on: what was sent is known, and its receipts say duplicate",
                    highlight=False,
                    soft_wrap=True,
                )
                raise


class _Moved:
    def __init__(self, tell: Tell, count: int) -> None:
        self._tell, self._count = tell, count
        self.answered = 0

    async def to(self, answered: int) -> None:
        self.answered = answered
        self._tell(answered, answered / self._count)


def _summed_up(given: Given, taken: Taken, publication: Publication) -> int:
    answered = publication.answered
    figures = {
        "sent": publication.sent,
        "accepted": answered.accepted,
        "duplicate": answered.duplicate,
        "refused": answered.refused,
    }
    if taken.problems.rows:
        figures["rows left out"] = taken.problems.rows
    problems = answered.problems.most_common()
    if given.as_json:
        print(json.dumps(figures | {"problems": dict(problems)}))  # noqa: T201
    else:
        Console().print("  ".join(f"{value:,} {name}" for name, value in figures.items()))
        for detail, count in problems[:PROBLEMS_SHOWN]:
            console.print(f"{count:,} refused: {detail}", markup=False)
    return FOUND_WRONG if answered.refused or taken.problems else 0
