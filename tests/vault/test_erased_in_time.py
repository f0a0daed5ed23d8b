"""Intake by itself announces, erases and lists what is not kept any longer; a vault from before is
told at its start, and so is a log."""

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

from nats.aio.client import Client
from real_suite import CHARTER, until
from service_process import service_process

from deploy.asking import ask
from deploy.looking.reading import messages
from shared.contracts.identity import aggregate_id
from shared.eventsourcing.codec import PLAIN
from shared.eventsourcing.event_store import RecordedEvent
from shared.runtime.clock_stream import set_clock
from shared.runtime.vault import upkeep
from shared.runtime.vault.store import KeyStore
from shared.testing.examples import DAY, MONDAY, report_id
from shared.testing.servers import NatsServer

SOURCES = """
[boston]
name = "A source whose data are kept for a month"
keep_days = 30
remind_days = 2
"""
ELSEWHERE = report_id(77)
SAID = {
    "report": "1",
    "text": "What nobody is to read for long",
    "filed_at": MONDAY.isoformat(),
    "correspondent": "Ada",
    "confidential": True,
    "place": "us.ma.boston.roxbury",
    "sector": "street-lights",
}
HEADERS = {
    "ce-specversion": "1.0",
    "ce-id": "1",
    "ce-source": "https://311.example",
    "ce-type": "report.submitted",
    "ce-time": MONDAY.isoformat(),
}


async def written(client: Client, count: int) -> list[RecordedEvent]:
    """All of INTAKE, once there are so many."""
    found = list[RecordedEvent]()

    async def there() -> bool:
        found[:] = [
            PLAIN.decode(each.headers, each.body, each.sequence)
            async for each in messages(client, "INTAKE")
        ]
        return len(found) >= count

    await until(there, f"{count} events are written")
    return found


def names(events: list[RecordedEvent]) -> list[str]:
    return sorted(type(each.event).__name__ for each in events)


def holds(question: Callable[[], bool]) -> Callable[[], Awaitable[bool]]:
    async def asked() -> bool:
        return await asyncio.to_thread(question)

    return asked


def keys_in(folder: Path) -> int:
    store = KeyStore(folder / "vault.db")
    try:
        return store.count
    finally:
        store.close()


async def test_it_is_announced_erased_and_listed_and_a_vault_from_before_is_told(
    server: NatsServer, nats: Client, tmp_path: Path
) -> None:
    folder, charter, before = tmp_path / "data", tmp_path / "charter", tmp_path / "before.db"
    folder.mkdir()
    shutil.copytree(CHARTER, charter)
    (charter / "sources.toml").write_text(SOURCES)
    given = {"TRIBUNE_CHARTER_DIR": str(charter), "TRIBUNE_CLOCK": "stream"}
    listed = folder / "erased.list"
    async with service_process("intake", server, folder, **given) as intake:
        await intake.ready()
        body = json.dumps(SAID).encode()
        await nats.jetstream().publish("inbox.boston.report.submitted", body, headers=HEADERS)
        await written(nats, 1)
        upkeep.back_up(folder / "vault.db", before, datetime.now(UTC))
        await set_clock(nats, MONDAY + 28 * DAY + DAY / 48)
        announced = await written(nats, 3)
        assert names(announced) == ["ErasureAnnounced", "PersonErasureAnnounced", "ReportFiled"]

        async def told() -> bool:
            due = (await ask(nats, "intake", "kept", {}))["falls_due"]
            return [(each["day"], each["count"]) for each in due] == [("2030-02-06", 1)] * 2

        await until(told, "what falls due is told")
        assert not listed.exists()
        await set_clock(nats, MONDAY + 30 * DAY + DAY / 48)
        *_, one, other = await written(nats, 5)
        assert {one.actor, other.actor} == {
            "suite:timer:report-retention",
            "suite:timer:person-retention",
        }
        await until(holds(lambda: keys_in(folder) == 0), "both keys are destroyed")
        await until(
            holds(lambda: listed.exists() and len(listed.read_text().splitlines()) == 2),
            "both erasures are listed",
        )
    assert "error" not in {json.loads(each).get("level") for each in intake.said.splitlines()}
    for path in folder.glob("vault.db*"):
        path.unlink()
    shutil.copy(before, folder / "vault.db")
    assert keys_in(folder) == 2
    with listed.open("a") as lines:
        lines.write(f"person {ELSEWHERE}\nreport {ELSEWHERE}\n")
    async with service_process("intake", server, folder, **given) as intake:
        await intake.ready()
        assert keys_in(folder) == 0
        *_, again = await written(nats, 6)
        assert again.actor == "suite:vault:erased-list"
        assert again.event.aggregate_id == ELSEWHERE
    assert f"report {aggregate_id('report', 'boston', '1')}\n" in listed.read_text()
