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
from marked import PLAIN_SIGN, POINT, SIGN, is_marked
from real_suite import CHARTER, Home, free_ports, home, jump, proven, started, until

from deploy.asking import NotDoneError, ask, request
from deploy.embedded import Suite
from deploy.looking.lag import settled
from deploy.looking.reading import messages
from deploy.programs import SERVICES
from deploy.suite import database
from shared.contracts.identity import aggregate_id
from shared.contracts.report import ReportErased, ReportFiled, ReportUnsealed
from shared.contracts.sealed import CLOSED
from shared.eventsourcing.codec import PLAIN, SEALED
from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.positions import PositionKeeper
from shared.runtime.vault.store import KeyStore
from shared.testing.examples import DAY, MONDAY
from shared.testing.servers import dump_of

pytestmark = pytest.mark.postgres

ADA = f"{PLAIN_SIGN}-Ada"
STAFF = """
[person.ana]
name = "Ana Ruiz"
roles = ["inspector", "operator"]
"""
WHERE = {"place": "us.ma.boston.roxbury", "sector": "street-lights"}
HIDDEN, OPEN = (aggregate_id("report", "boston", number) for number in ("1", "2"))
FIELDS = ("text", "answer", "reason")
ANA = {"who": "ana", "role": "inspector", "reason": "The house is to be found"}


def told(numbers: str) -> Iterator[tuple[str, dict[str, Any]]]:
    at = MONDAY.isoformat()
    for number in numbers:
        hidden = number != "2"
        words = f"{SIGN}-said-{number}" if hidden else "An open word"
        report = {"report": number, "text": words, "filed_at": at, "correspondent": ADA}
        spot = dict(zip(("latitude", "longitude"), POINT.split(","), strict=True)) if hidden else {}
        yield "report.submitted", report | {"confidential": hidden} | WHERE | spot
        outcome = {"report": number, "outcome": "confirmed", "resolved_at": at}
        yield "report.resolved", outcome | {"reason": words.replace("said", "reason")}


async def tell(client: Client, numbers: str = "123") -> None:
    for number, (kind, body) in enumerate(told(numbers)):
        headers = {
            "ce-specversion": "1.0",
            "ce-id": f"message {number} of {numbers}",
            "ce-source": "https://311.example",
            "ce-type": kind,
        }
        subject = f"inbox.boston.{kind}"
        await client.jetstream().publish(subject, json.dumps(body).encode(), headers=headers)
    end = await ends_at(client, "INBOX_BOSTON")

    async def taken_in() -> bool:
        return bool((await ask(client, "intake"))["positions"].get("inbox boston", 0) >= end)

    await until(taken_in, "the inbox is taken in")

    async def cleared() -> bool:
        keeper = PositionKeeper(client, "intake", "words-boston")
        return (await keeper.begin()).wrote >= end

    await until(cleared, "nothing that is sealed stands in it")


async def answer(client: Client, report_id: str, words: str) -> int:
    body = {"report_id": report_id, "answer": words}
    done = await request(client, "cmd.intake.AnswerReport", body)
    return int(done["new_events"])


def suite_of(where: Home) -> Suite:
    charter = where.data_dir.parent / "charter"
    if not charter.exists():
        shutil.copytree(CHARTER, charter)
        (charter / "staff.toml").write_text(STAFF)
        (charter / "sources.toml").write_text('boston = "A source whose data are not public"\n')
    environment = where.environment
    return Suite(where.data_dir, charter, free_ports(), "stream", environment=environment)


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """Inboxes keep words for no longer than until their receipts."""
    told = {"TRIBUNE_LOG_LEVEL": "DEBUG", "TRIBUNE_INBOX_KEEPS_WORDS_S": "0"}
    return home(request, tmp_path / "suite", **told)


def marked_in(where: Home) -> set[str]:
    """The files in which marked words stand; and dumps of other databases."""
    found = {
        str(path.relative_to(where.data_dir))
        for path in where.data_dir.rglob("*")
        if path.is_file() and is_marked(path.read_bytes())
    }
    return found | {f"rows of {each}" for each in SERVICES if is_marked(_dumped(where, each))}


def _dumped(where: Home, service: str) -> bytes:
    """What `pg_dump` makes of a database; files of SQLite are among the others."""
    url = database(where.settings, service).url
    if url.get_backend_name() == "sqlite":
        return b""
    return dump_of(url.render_as_string(hide_password=False).replace("+psycopg", ""))


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
        assert await answer(client, HIDDEN, f"{SIGN} answered") == 1
        assert await answer(client, HIDDEN, f"{SIGN} answered") == 0, "it knows what was answered"
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
            f"{SIGN}-said-1",
            POINT,
            f"{SIGN}-reason-1",
            f"{SIGN} answered",
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
        assert await answer(client, HIDDEN, f"{SIGN} answered") == 0, "after a restart, too"
        rotated = where.tribune("vault", "rotate")
        assert (rotated.returncode, "3 keys" in rotated.stdout) == (0, True), rotated.stderr
        copy = where.tribune("vault", "backup", str(backup))
        assert (copy.returncode, "has 3 keys, all of them wrapped" in copy.stdout) == (0, True)
        assert await shown(client, HIDDEN), "the running processes have gone over to the new key"
        why_not = where.tribune("erase", "report", OPEN, "--reason", "Asked for")
        assert (why_not.returncode, "in the clear in INTAKE/" in why_not.stderr) == (
            1,
            True,
        ), why_not.stderr
        gone = where.tribune("erase", "report", HIDDEN, "--reason", "Asked for", "--as", "ana")
        assert (gone.returncode, "is erased" in gone.stdout) == (0, True), gone.stdout + gone.stderr
        with pytest.raises(NotDoneError, match="were erased"):
            await shown(client, HIDDEN)
        with pytest.raises(NotDoneError, match="were erased"):
            await answer(client, HIDDEN, f"{SIGN} again")
        third = aggregate_id("report", "boston", "3")
        assert await shown(client, third) == [f"{SIGN}-said-3", POINT, f"{SIGN}-reason-3"]
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
        await _person_erased(where, client)
        await _taken_in_again(where, client, before)
    assert marked_in(where) == set()
    assert (await proven(where)).wrong == []

    await _put_back(where, backup)


async def _person_erased(where: Home, client: Client) -> None:
    """What they did stays counted; what is said of them later is nobody's."""
    counted = (await ask(client, "promotion"))["members"]
    (ada,) = await _correspondents(client)
    assert ada
    gone = where.tribune("erase", "person", ada, "--reason", "Asked for", "--as", "ana")
    assert (gone.returncode, "is erased" in gone.stdout) == (0, True), gone.stdout + gone.stderr
    again = where.tribune("erase", "person", ada, "--reason", "Asked for")
    assert again.returncode == 0, again.stderr
    nobody = where.tribune("erase", "person", "0" * 32, "--reason", "Asked for")
    assert (nobody.returncode, "No key tells" in nobody.stderr) == (1, True), nobody.stderr
    await tell(client, "4")
    await settled(client)
    assert await _correspondents(client) == {ada, None}
    assert (await ask(client, "promotion"))["members"] == counted == 1


async def _correspondents(client: Client) -> set[str | None]:
    filed = [
        PLAIN.decode(message.headers, message.body, message.sequence).event
        async for message in messages(client, "INTAKE", (ReportFiled.filter(),))
    ]
    return {each.correspondent for each in filed if isinstance(each, ReportFiled)}


async def _taken_in_again(where: Home, client: Client, before: dict[str, Any]) -> None:
    """What is gone from the inbox is not missed."""
    again = where.tribune("redo", "inbox-boston", "--from", "1")
    assert again.returncode == 0, again.stderr
    await tell(client)
    await settled(client)
    after = await counts(client)
    assert after["reports"].pop("confirmed") == before["reports"].pop("confirmed") + 1
    assert after == before, "but for the report of nobody"


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
        await tell(client, "5")
        assert len(await _correspondents(client)) == 2, "nobody was made of the person anew"
    with closing(KeyStore(store)) as again:
        assert again.wrapped(HIDDEN) is None
    assert marked_in(where) == set()
