"""`tribune publish`: a file into its source's inbox, with its receipts."""

import asyncio
import json
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.commands.becoming_public import becomes_public
from deploy.commands.ending import until_ended
from deploy.commands.feed_silence import silence_told
from deploy.commands.feed_suite import require_suite
from deploy.commands.feed_told import as_told, tell_problems
from deploy.commands.progress import Tell, telling
from deploy.commands.refusals_told import refusal_figures, refusal_lines, what_to_do
from deploy.connecting import connected
from deploy.feeding.publish import Publication
from deploy.feeding.publish import publish as send
from deploy.feeding.replay import hands_of, replay
from deploy.feeding.tables import Table, open_table
from deploy.feeding.taking import Taken, take
from deploy.feeding.taking.draft import write_draft
from deploy.looking.refusals import Refusals
from deploy.problems import FOUND_WRONG, WRONG_USE
from deploy.terminal import Terminal
from shared.mapping import Mapping
from shared.runtime.charter import read_charter
from shared.runtime.outside import harmless

console = Terminal(stderr=True)

KNOWN = (
    "Duplicates were known already, by the id of the event, or because it had happened already;"
    " they changed nothing, also where their rows say something else than before. What was filed or"
    " promised is never rewritten: docs/mapping.md says what to do where a row was changed"
)


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
    """A suite that is not there is told at once; then the whole file is read before anything is
    sent. Exit 2 if rows are wrong and nobody said what to do with them, else 1 if any were left out
    or refused."""
    mapping = Mapping(given.mapping)
    is_sent = not (given.dry_run or given.charter_draft)
    if is_sent and (code := _run(require_suite(given.data_dir, mapping.source))):
        return code
    shape = mapping.shape
    table = open_table(given.file, shape.file, shape.time_zone, mapping.columns())
    with _taken(given, mapping, table) as taken:
        if not is_sent:
            return _told_only(given, mapping, table, taken)
        tell_problems(console, taken, mapping, table, given)
        if taken.problems and not given.rejects:
            return WRONG_USE
        return _run(_sent(given, taken))


def _run(work: Coroutine[Any, Any, int]) -> int:
    return asyncio.run(until_ended(work))


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
            soft_wrap=True,
        )
    if not taken.problems:
        return 0
    return FOUND_WRONG if given.rejects else WRONG_USE


async def _sent(given: Given, taken: Taken) -> int:
    """Raises NoSuiteError, before anything is sent, where the suite is at rest."""
    count, source = taken.counts.total(), taken.source
    async with connected(given.data_dir, services=True) as suite:
        with telling(console, "receipts", "events", of=count) as tell:
            moved = _Moved(tell, count)
            try:
                url = suite.settings.nats_url.get_secret_value()
                whom, authority = suite.settings.credentials, suite.settings.authority
                async with (
                    hands_of(url, whom, source, authority, suite.address) as hands,
                    silence_told(_say, lambda: hands.looks.is_connected, lambda: moved.answered),
                ):
                    if given.clock and count:
                        events = list(taken.events())
                        end = max(event.at for event in events)
                        publication = await replay(hands, source, events, moved.to, end)
                    else:
                        publication = await send(
                            hands.looks, source, taken.events(), moved.to, hands.sends
                        )
            except asyncio.CancelledError:
                console.print(
                    f"stopped after {moved.answered:,} of {count:,} receipts; publish the same file"
                    " again to go on: what was sent is known, and its receipts say duplicate",
                    highlight=False,
                    soft_wrap=True,
                )
                raise
    code = _summed_up(given, taken, publication)
    if line := becomes_public(read_charter(suite.settings.charter_dir), source, suite.settings):
        console.print(line, highlight=False, soft_wrap=True)
    return code


def _say(line: str) -> None:
    console.print(line, highlight=False, soft_wrap=True)


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
    if (waiting := publication.sent - answered.total) > 0:
        figures["without a receipt"] = waiting
    if given.as_json:
        refusals = refusal_figures(answered.refusals)
        others = answered.refusals.others
        print(json.dumps(figures | {"refusals": refusals, "other_reasons": others}))  # noqa: T201
    else:
        _tell(figures, answered.refusals, taken.source, given.data_dir)
    return FOUND_WRONG if answered.refused or taken.problems else 0


def _tell(figures: dict[str, int], refusals: Refusals, source: str, data_dir: Path | None) -> None:
    print("  ".join(f"{value:,} {name}" for name, value in figures.items()))  # noqa: T201
    if figures["duplicate"]:
        print(KNOWN)  # noqa: T201
    for line in [*refusal_lines(refusals), *what_to_do(refusals, source, data_dir)]:
        print(harmless(line))  # noqa: T201
    if "without a receipt" in figures:
        print("What has no receipt failed for a reason of ours: `tribune dead list`")  # noqa: T201
