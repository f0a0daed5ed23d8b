"""Replays the Boston half year through the whole suite, with the clock following as a watermark."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from deploy.asking import ask, outlasting
from deploy.feeding.replay import Hands
from deploy.feeding.replay import replay as play
from deploy.feeding.tables import read_rows
from deploy.looking.lag import settled
from shared.contracts.routing import logs
from shared.eventsourcing.jetstream.connection import Client
from shared.mapping import Mapping, Row

HERE = Path(__file__).parents[1]
FILE = HERE / "data" / "boston311-2011h2.csv.gz"
MAPPING = HERE / "mappings" / "boston311.toml"
SOURCE = "boston"
END = datetime(2020, 1, 1, tzinfo=UTC)

Progress = Callable[[str, int, int], None]
"""Gets the name of the step, how much is done and of how much."""


@dataclass(frozen=True)
class Summary:
    reports_filed: int
    reports_confirmed: int
    reports_refuted: int
    checks_opened: int
    checks_done_in_time: int
    checks_overdue: int
    members: int
    members_qualified: int
    upstream_events: int
    accepted: int
    duplicate: int
    refused: int
    events_appended: int
    seconds: float

    def as_json(self) -> str:
        return json.dumps(asdict(self))


def requests(until: date | None = None) -> list[Row]:
    """Those of the half year that were made before a day of the city; all of them without one."""
    rows = read_rows(FILE)
    return rows if until is None else [row for row in rows if row["open_dt"] < until.isoformat()]


async def replay(hands: Hands, progress: Progress, until: date | None = None) -> Summary:
    """The whole half year in event order, with the clock following, then on past 2019; `seconds`
    from the first event sent to the last row written."""
    client = hands.looks
    progress("reads the file", 0, 1)
    mapping = Mapping(MAPPING)
    events = await asyncio.to_thread(lambda: mapping.events(requests(until)))
    before = await _ends(client)
    began = time.monotonic()

    async def moved(answered: int) -> None:
        progress("takes in", answered, len(events))

    publication = await play(hands, mapping.source, events, moved, END)
    progress("settles", 0, 1)
    after = await outlasting(client, lambda: settled(client))
    seconds = time.monotonic() - began
    figures = {
        name: await outlasting(client, lambda name=name: ask(client, name))  # type: ignore[misc]
        for name in ("intake", "promotion")
    }
    reports, checks = figures["intake"]["reports"], figures["intake"]["checks"]
    answered = publication.answered
    return Summary(
        reports_filed=sum(reports.values()),
        reports_confirmed=reports.get("confirmed", 0),
        reports_refuted=reports.get("refuted", 0),
        checks_opened=checks["opened"],
        checks_done_in_time=checks.get("done", 0),
        checks_overdue=checks["ever overdue"],
        members=figures["promotion"]["members"],
        members_qualified=sum(figures["promotion"]["qualified"].values()),
        upstream_events=len(events),
        accepted=answered.accepted,
        duplicate=answered.duplicate,
        refused=answered.refused,
        events_appended=sum(after[name] - before[name] for name in logs()),
        seconds=round(seconds, 1),
    )


async def _ends(client: Client) -> dict[str, int]:
    jetstream = client.jetstream()
    return {name: (await jetstream.stream_info(name)).state.last_seq for name in logs()}
