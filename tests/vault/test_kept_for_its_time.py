"""Retention through the whole suite, and a backup from before that is put back: what is erased
stays erased in every stream, table and file, and all counts stay."""

import json
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from marked import PLAIN_SIGN, SIGN
from real_suite import Home, home, jump, proven, started, until
from test_sealed_words import answer, counts, marked_in, shown, suite_of

from deploy.asking import NotDoneError, ask
from deploy.embedded import Suite
from deploy.looking.lag import settled
from deploy.looking.reading import messages
from services.intake.erased_again import REASON
from shared.contracts.identity import aggregate_id
from shared.contracts.person import PersonErased
from shared.contracts.report import ReportErased, ReportFiled
from shared.eventsourcing.codec import PLAIN
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.positions import PositionKeeper
from shared.runtime.vault.store import KeyStore
from shared.testing.examples import DAY, MONDAY

pytestmark = [pytest.mark.postgres, pytest.mark.deep]

ADA, BOB = f"{PLAIN_SIGN}-Ada", f"{PLAIN_SIGN}-Bob"
KEPT = """
[boston]
name = "A source whose data are kept for a month"
keep_days = 30
remind_days = 2
"""
ASKED, CLEAR, IN_TIME = (aggregate_id("report", "boston", number) for number in "123")


def short(where: Home) -> Suite:
    suite_of(where)
    (where.data_dir.parent / "charter" / "sources.toml").write_text(KEPT)
    return suite_of(where)


async def tell(client: Client, number: str, who: str, *, hidden: bool = True) -> None:
    said = f"{SIGN}-said-{number}" if hidden else "An open word"
    body = {
        "report": number,
        "text": said,
        "filed_at": MONDAY.isoformat(),
        "correspondent": who,
        "confidential": hidden,
        "place": "us.ma.boston.roxbury",
        "sector": "street-lights",
    }
    resolved = {"report": number, "outcome": "confirmed", "resolved_at": MONDAY.isoformat()}
    for kind, each in (("submitted", body), ("resolved", resolved | {"reason": said})):
        headers = {
            "ce-specversion": "1.0",
            "ce-id": f"{kind} {number}",
            "ce-source": "https://311.example",
            "ce-type": f"report.{kind}",
            "ce-time": MONDAY.isoformat(),
        }
        subject, message = f"inbox.boston.report.{kind}", json.dumps(each).encode()
        await client.jetstream().publish(subject, message, headers=headers)
    end = await ends_at(client, "INBOX_BOSTON")

    async def cleared() -> bool:
        return (await PositionKeeper(client, "intake", "words-boston").begin()).wrote >= end

    await until(cleared, "nothing that is sealed stands in the inbox")
    await settled(client)


async def found(client: Client, event_type: type) -> list[RecordedEvent]:
    every = [
        PLAIN.decode(message.headers, message.body, message.sequence)
        async for message in messages(client, "INTAKE", (event_type.filter(),))  # type: ignore[attr-defined]
    ]
    return [each for each in every if isinstance(each.event, event_type)]


async def correspondents(client: Client) -> list[Any]:
    return [each.event.correspondent for each in await found(client, ReportFiled)]  # type: ignore[attr-defined]


async def test_what_is_erased_stays_erased_in_what_is_put_back(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    told = {"TRIBUNE_INBOX_KEEPS_WORDS_S": "0"}
    where = home(request, tmp_path / "one" / "suite", **told)
    aside, vault_copy = tmp_path / "backup", tmp_path / "vault-of-monday.db"
    async with started(short(where)) as client:
        await tell(client, "1", ADA)
        await tell(client, "2", BOB, hidden=False)
        await tell(client, "3", BOB)
        await jump(client, MONDAY + DAY)
        await settled(client)
        before = await counts(client)
        ada, bob, _ = await correspondents(client)
    shutil.copytree(where.data_dir, aside, ignore=shutil.ignore_patterns("vault.*", "erased.list"))
    assert where.tribune("vault", "backup", str(vault_copy)).returncode == 0

    async with started(short(where)) as client:
        for what, which in (("report", ASKED), ("person", ada)):
            gone = where.tribune("erase", what, which, "--reason", "Asked for")
            assert gone.returncode == 0, gone.stderr
        await _erased_in_time(where, client)
        await settled(client)
        assert await counts(client) == before
        members = (await ask(client, "promotion"))["members"]
    assert marked_in(where) == set()
    assert (await proven(where)).wrong == []
    listed = (where.data_dir / "erased.list").read_text().splitlines()
    assert sorted(listed) == sorted(
        [
            f"report {ASKED}",
            f"report {IN_TIME}",
            f"person {ada}",
            f"person {bob} may return",
        ]
    )

    again = home(request, tmp_path / "two" / "suite", **told)
    _put_back(where, again, aside, vault_copy)
    async with started(short(again)) as client:
        await _is_as_erased_as_before(client)
        await settled(client)
        assert await counts(client) == before
        assert (await ask(client, "promotion"))["members"] == members
        await tell(client, "4", ADA)
        await tell(client, "5", BOB)
        *_, nobody, new = await correspondents(client)
        assert nobody is None, "who asked to be erased is nobody"
        assert new not in (None, ada, bob), "who was not kept any longer begins anew"
    assert marked_in(again) == set()
    assert (await proven(again)).wrong == []


async def _erased_in_time(where: Home, client: Client) -> None:
    """By nobody but the calendar, and it is told before."""
    await jump(client, MONDAY + 28 * DAY + DAY / 48)
    await settled(client)
    shown_first = where.tribune("retention", "--json")
    assert shown_first.returncode == 0, shown_first.stderr
    said = json.loads(shown_first.stdout)
    day = f"{MONDAY + 30 * DAY:%Y-%m-%d}"
    assert [(each["day"], each["kind"], each["count"]) for each in said["falls_due"]] == [
        (day, "person", 1),
        (day, "report", 1),
    ]
    assert said["sources"][0]["reports"]["clear"] == 1
    assert await shown(client, IN_TIME), "not yet"
    status = where.tribune("status")
    assert "1 reports and 1 persons are announced" in " ".join(status.stdout.split())
    table = where.tribune("retention")
    assert day in table.stdout
    await jump(client, MONDAY + 30 * DAY + DAY / 48)
    await settled(client)
    erased = await found(client, ReportErased)
    assert [each.event.reason for each in erased] == ["Asked for", "retention"]  # type: ignore[attr-defined]
    assert erased[-1].actor == "suite:timer:report-retention"
    (asked, in_time) = await found(client, PersonErased)
    assert not asked.event.may_return  # type: ignore[attr-defined]
    assert in_time.event.may_return  # type: ignore[attr-defined]

    async def destroyed() -> bool:
        with closing(KeyStore(where.data_dir / "vault.db")) as store:
            listed = (where.data_dir / "erased.list").read_text().splitlines()
            return store.count == 0 and len(listed) == 4

    await until(destroyed, "all keys are destroyed, and that is listed")
    with pytest.raises(NotDoneError, match="were erased"):
        await shown(client, IN_TIME)
    after = json.loads(where.tribune("retention", "--json").stdout)
    assert (after["falls_due"], after["sources"][0]["reports"]["erased"]) == ([], 2)
    assert after["sources"][0]["persons"]["erased"] == 2


def _put_back(where: Home, again: Home, aside: Path, vault_copy: Path) -> None:
    """The whole folder and the vault from before the erasures, and of now the list alone."""
    shutil.copytree(aside, again.data_dir)
    shutil.copy(vault_copy, again.data_dir / "vault.db")
    for name in ("vault.key", "erased.list"):
        shutil.copy(where.data_dir / name, again.data_dir)
    with closing(KeyStore(again.data_dir / "vault.db")) as older:
        assert older.wrapped(ASKED)
        assert older.wrapped(IN_TIME)
        assert older.count == 4


async def _is_as_erased_as_before(client: Client) -> None:
    """From the first moment on; and a moment later the log has it, too."""

    async def told() -> bool:
        reports, persons = await found(client, ReportErased), await found(client, PersonErased)
        return (len(reports), len(persons)) == (2, 2)

    await until(told, "the log has what it lost")
    for each in await found(client, ReportErased):
        assert (each.event.reason, each.actor) == (REASON, "suite:vault:erased-list")  # type: ignore[attr-defined]
    for which in (ASKED, IN_TIME):
        with pytest.raises(NotDoneError, match="were erased"):
            await shown(client, which)
        with pytest.raises(NotDoneError, match="were erased"):
            await answer(client, which, f"{SIGN} again")
