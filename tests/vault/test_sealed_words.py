"""The words of a confidential report through the whole suite: sealed everywhere, shown to who may
see them, and gone for ever once they are erased."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from real_suite import CHARTER, Home, free_ports, home, jump, proven, started, until
from sqlalchemy import text

from deploy.asking import NotDoneError, ask, request
from deploy.embedded import Suite
from deploy.looking.lag import settled
from deploy.looking.reading import messages
from deploy.suite import SERVICES, database
from shared.contracts.identity import aggregate_id
from shared.contracts.report import ReportErased, ReportUnsealed
from shared.contracts.sealed import CLOSED
from shared.eventsourcing.codec import PLAIN, SEALED
from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.runtime.vault.store import KeyStore
from shared.testing.examples import DAY, MONDAY

pytestmark = pytest.mark.postgres

MARKED = re.compile(r"Quokka[- ]\w+")
STAFF = """
[person.ana]
name = "Ana Ruiz"
roles = ["inspector", "operator"]
"""
WHERE = {"place": "us.ma.boston.roxbury", "sector": "street-lights"}
HIDDEN, OPEN = (aggregate_id("report", "boston", number) for number in ("1", "2"))
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
FIELDS = ("text", "answer", "reason")
ANA = {"who": "ana", "role": "inspector", "reason": "The house is to be found"}


def told() -> Iterator[tuple[str, dict[str, Any]]]:
    at = MONDAY.isoformat()
    for number, hidden in (("1", True), ("2", False), ("3", True)):
        words = f"Quokka-said-{number}" if hidden else "An open word"
        report = {"report": number, "text": words, "filed_at": at, "correspondent": "ada"}
        yield "report.submitted", report | {"confidential": hidden} | WHERE
        outcome = {"report": number, "outcome": "confirmed", "resolved_at": at}
        yield "report.resolved", outcome | {"reason": words.replace("said", "reason")}


async def tell(client: Client) -> None:
    for number, (kind, body) in enumerate(told()):
        headers = {
            "ce-specversion": "1.0",
            "ce-id": f"message {number}",
            "ce-source": "https://311.example",
            "ce-type": kind,
        }
        subject = f"inbox.boston.{kind}"
        await client.jetstream().publish(subject, json.dumps(body).encode(), headers=headers)
    end = await ends_at(client, "INBOX_BOSTON")

    async def taken_in() -> bool:
        return bool((await ask(client, "intake"))["positions"].get("inbox boston", 0) >= end)

    await until(taken_in, "the inbox is taken in")


async def answer(client: Client, report_id: str, words: str) -> int:
    body = {"report_id": report_id, "answer": words}
    done = await request(client, "cmd.intake.AnswerReport", body)
    return int(done["new_events"])


def suite_of(where: Home) -> Suite:
    charter = where.data_dir.parent / "charter"
    if not charter.exists():
        shutil.copytree(CHARTER, charter)
        (charter / "staff.toml").write_text(STAFF)
    environment = where.environment
    return Suite(where.data_dir, charter, free_ports(), "stream", environment=environment)


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    return home(request, tmp_path / "suite", TRIBUNE_LOG_LEVEL="DEBUG")


def marked_in(where: Home) -> set[str]:
    """The files in which marked words stand, other than inboxes; and dumps of other databases."""
    found = {
        str(path.relative_to(where.data_dir))
        for path in where.data_dir.rglob("*")
        if path.is_file() and "INBOX_" not in str(path)
        if MARKED.search(path.read_bytes().decode(errors="replace"))
    }
    return found | {f"rows of {service}" for service in SERVICES if _in_rows(where, service)}


def _in_rows(where: Home, service: str) -> bool:
    engine = database(where.settings, service)
    if engine.dialect.name == "sqlite":
        return False  # its files are among those
    with engine.connect() as connection:
        tables = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname='public'")
        )
        rows = [
            connection.execute(text(f'SELECT * FROM "{table}"')).all()  # noqa: S608
            for (table,) in tables
        ]
    engine.dispose()
    return MARKED.search(repr(rows)) is not None


async def counts(client: Client) -> dict[str, Any]:
    said = await ask(client, "intake")
    return {name: said[name] for name in ("reports", "checks")}


async def words(client: Client, report_id: str) -> list[str]:
    """As whoever has no keys reads them."""
    events = await JetStreamEventStore(client, PLAIN).load(
        AggregateKey("intake", "report", report_id)
    )
    said = [
        getattr(each.event, name, "") for each in events for name in ("text", "answer", "reason")
    ]
    return [each for each in said if each]


async def shown(client: Client, report_id: str) -> list[str]:
    body = {"report_id": report_id, **ANA}
    found = (await request(client, "cmd.intake.UnsealReport", body))["words"]
    return [value for each in found for name, value in each.items() if name not in ("event", "at")]


async def test_words_are_sealed_shown_and_erased(where: Home, tmp_path: Path) -> None:
    backup = tmp_path / "vault-before.db"
    async with started(suite_of(where)) as client:
        await tell(client)
        assert await answer(client, HIDDEN, "Quokka answered") == 1
        assert await answer(client, HIDDEN, "Quokka answered") == 0, "it knows what was answered"
        await jump(client, MONDAY + DAY)
        await settled(client)
        before = await counts(client)
        sealed = {
            message.headers["ce-type"].rpartition(".")[2]
            async for message in messages(client, "INTAKE")
            if SEALED in message.headers
        }
        assert sealed == {"ReportFiled", "ReportConfirmed", "ReportAnswered"}
        assert await words(client, OPEN) == ["An open word"] * 2, "as before"
        assert await words(client, HIDDEN) == [CLOSED] * 3
        assert await shown(client, HIDDEN) == [
            "Quokka-said-1",
            "Quokka-reason-1",
            "Quokka answered",
        ]
        for other, why in (
            ({"who": "bob"}, "no bob"),
            ({"role": "editor"}, "no ana who is editor"),
            ({"role": "operator"}, "not shown"),
        ):
            with pytest.raises(NotDoneError, match=why):
                await request(
                    client, "cmd.intake.UnsealReport", {"report_id": HIDDEN, **ANA, **other}
                )
        (opening,) = [
            PLAIN.decode(message.headers, message.body, message.sequence)
            async for message in messages(client, "INTAKE")
            if message.headers["ce-type"].endswith(".ReportUnsealed")
        ]
        assert isinstance(opening.event, ReportUnsealed)
        assert opening.event.reason == ANA["reason"]
        assert re.fullmatch("staff:inspector:[0-9a-f]{32}", opening.actor)
    assert marked_in(where) == set()
    assert (await proven(where)).wrong == []

    async with started(suite_of(where)) as client:
        assert await answer(client, HIDDEN, "Quokka answered") == 0, "after a restart, too"
        rotated = where.tribune("vault", "rotate")
        assert (rotated.returncode, "2 keys" in rotated.stdout) == (0, True), rotated.stderr
        copy = where.tribune("vault", "backup", str(backup))
        assert (copy.returncode, "has 2 keys, all of them wrapped" in copy.stdout) == (0, True)
        assert await shown(client, HIDDEN), "the running processes have gone over to the new key"
        why_not = where.tribune("erase", "report", OPEN, "--reason", "Asked for")
        assert (why_not.returncode, "in the clear in INTAKE/" in why_not.stderr) == (
            1,
            True,
        ), why_not.stderr
        gone = where.tribune("erase", "report", HIDDEN, "--reason", "Asked for", "--as", "ana")
        assert (gone.returncode, "is erased" in gone.stdout) == (0, True), gone.stderr
        with pytest.raises(NotDoneError, match="were erased"):
            await shown(client, HIDDEN)
        with pytest.raises(NotDoneError, match="were erased"):
            await answer(client, HIDDEN, "Quokka again")
        third = aggregate_id("report", "boston", "3")
        assert await shown(client, third) == ["Quokka-said-3", "Quokka-reason-3"]
        await settled(client)
        assert await counts(client) == before
        erased = [
            PLAIN.decode(message.headers, message.body, message.sequence)
            async for message in messages(client, "INTAKE")
            if message.headers["ce-type"].endswith(".ReportErased")
        ]
        assert [each.event.reason for each in erased if isinstance(each.event, ReportErased)] == [
            "Asked for"
        ]
        assert re.fullmatch("staff:operator:[0-9a-f]{32}", erased[0].actor)
    assert marked_in(where) == set()
    assert (await proven(where)).wrong == []

    await _put_back(where, backup)


async def _put_back(where: Home, backup: Path) -> None:
    """The older store has the key that was destroyed; the log knows better, at the next start."""
    store = where.data_dir / "vault.db"
    for path in where.data_dir.glob("vault.db*"):
        path.unlink()
    shutil.copy(backup, store)
    with closing(KeyStore(store)) as older:
        assert older.wrapped(HIDDEN)
    async with started(suite_of(where)) as client:
        with pytest.raises(NotDoneError, match="were erased"):
            await shown(client, HIDDEN)
        assert await shown(client, aggregate_id("report", "boston", "3"))
    with closing(KeyStore(store)) as again:
        assert again.wrapped(HIDDEN) is None
    assert marked_in(where) == set()
