"""An editor withdraws, and lets words pass, by the command line: PUBLIC says so, the page too, and
the proof holds."""

import asyncio
import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from commitments import filed, made, march
from real_suite import CHARTER, Home, free_ports, home, jump, proven, started, until
from tried_user import tried

from deploy.embedded import Suite
from deploy.feeding.publish import publish
from deploy.looking.reading import messages
from shared.contracts.identity import aggregate_id
from shared.contracts.public import PublicWithdrawn
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.credentials import Credentials

STAFF = """
[person.ana]
name = "Ana Ruiz"
roles = ["inspector"]

[person.edi]
name = "Edi Marsh"
roles = ["editor"]
"""
WHY = "The task named a house"


async def say_nothing(_: int) -> None: ...


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    return home(request, tmp_path / "suite")


def suite_of(where: Home) -> Suite:
    charter = where.data_dir.parent / "charter"
    shutil.copytree(CHARTER, charter)
    (charter / "staff.toml").write_text(STAFF)
    with (charter / "sources.toml").open("a") as sources:
        sources.write('hotline = {name = "Hotline", max_bytes = "10MB"}\n')
    environment = where.environment
    return Suite(where.data_dir, charter, free_ports(), "stream", environment=environment)


async def public(client: Client) -> list[str]:
    """What is said in PUBLIC, in the order in which it is."""
    found = [each async for each in messages(client, "PUBLIC")]
    return [each.headers["ce-type"].rpartition(".")[2] for each in found]


async def passes_words(where: Home, suite: Suite, client: Client) -> None:
    """Of a check whose source is not trusted: only an editor does, and by the operator's user of
    NATS alone, for whoever may ask for it may name anybody."""
    waits = made("pipes", march(28), source="hotline")
    await publish(client, "hotline", [waits], say_nothing)

    async def said(kind: str) -> list[dict[str, Any]]:
        every = [each async for each in messages(client, "PUBLIC", [f"public.check.{kind}.>"])]
        return [json.loads(each.body) for each in every]

    async def has_come(kind: str, count: int) -> bool:
        return len(await said(kind)) == count

    await until(lambda: has_come("CheckOpened", 3), "it is public")
    opened = (await said("CheckOpened"))[-1]
    assert opened["owner"] is None
    given = where.tribune("user", "add", "anna", "--kind", "staff", "--print-creds")
    file = where.data_dir.parent / "anna.creds"
    file.write_text(given.stdout)
    asked = {"check_id": aggregate_id("check", "hotline", "pipes"), "who": "edi", "reason": WHY}
    async with tried(suite.nats_url, Credentials.read(file)) as anna:
        assert await anna.ask("query.intake.progress"), "she is let in"
        assert await anna.ask("cmd.intake.PassWords", json.dumps(asked).encode()) == []
        (refused,) = anna.violations
        assert "permissions violation" in refused.lower()
    for who, code in (("ana", 1), ("edi", 0), ("edi", 0)):
        done = where.tribune("pass", "check", opened["check"], "--as", who, "--reason", WHY)
        assert done.returncode == code, done.stdout + done.stderr
    assert "were public before" in done.stdout
    await until(lambda: has_come("CheckWordsPassed", 1), "its owner is public")
    (passed,) = await said("CheckWordsPassed")
    assert (passed["check"], passed["owner"]) == (opened["check"], "Office of pipes")
    assert WHY not in str(passed), "why stays inside"


async def follows_what_is_confidential(where: Home, client: Client) -> None:
    """One check comes behind its report, one before it; an editor lets both be public."""
    before = await public(client)
    reports = [filed("one", "hotline"), filed("two", "hotline")]
    checks = [made(each, march(28), source="hotline", report=each) for each in ("one", "two")]
    await publish(client, "hotline", [reports[0], checks[0], checks[1], reports[1]], say_nothing)

    async def said(*kinds: str) -> bool:
        return (await public(client))[len(before) :] == list(kinds)

    once = ("CheckOpened", "PublicWithdrawn")
    await until(lambda: said(*once), "the second is taken back, the first was never public")
    for number, ended in (("one", 0), ("two", 0), ("two", 0), ("pipes", 1)):
        done = where.tribune("lift", "check", f"hotline/{number}", "--as", "edi", "--reason", WHY)
        assert done.returncode == ended, done.stdout + done.stderr
    await until(lambda: said(*once, "CheckOpened", "CheckOpened"), "both are public")
    every = [each async for each in messages(client, "PUBLIC", ["public.check.CheckOpened.>"])]
    ids = [json.loads(each.body)["check"] for each in every[-3:]]
    assert len(set(ids)) == 3, "what was taken back stays so"
    why = where.tribune("why", ids[-1])
    assert "CheckShielded" in why.stdout, why.stdout + why.stderr
    assert "FollowersFound" in why.stdout


async def test_what_an_editor_withdraws_is_taken_back_everywhere(where: Home) -> None:
    suite = suite_of(where)
    site = f"http://127.0.0.1:{suite.service_port('publishing')}"
    async with started(suite) as client:
        await jump(client, march(1))
        events = [made("roads", march(10), march(1)), made("lamps", march(20), march(1))]
        await publish(client, "boston", events, say_nothing)

        async def is_public(count: int) -> bool:
            return len(await public(client)) == count

        await until(lambda: is_public(2), "both are public")
        await jump(client, march(11))
        await until(lambda: is_public(3), "one is overdue")
        async with httpx.AsyncClient(trust_env=False, base_url=site, timeout=30) as http:

            async def overdue() -> int:
                return int((await http.get("/api/figures")).json()["overdue"])

            async def counts(number: int) -> bool:
                return await overdue() == number

            await until(lambda: counts(1), "the site shows it")
            found = [each async for each in messages(client, "PUBLIC", ["public.*.CheckOverdue.>"])]
            (check,) = [json.loads(each.body)["check"] for each in found]
            for who, code in (("ana", 1), ("nobody", 1), ("edi", 0), ("edi", 0)):
                asked = ("withdraw", "check", check, "--as", who, "--reason", WHY)
                done = where.tribune(*asked)
                assert done.returncode == code, done.stdout + done.stderr
            assert "was withdrawn before" in done.stdout
            unknown = where.tribune("withdraw", "report", check, "--as", "edi", "--reason", WHY)
            assert unknown.returncode == 2
            assert f"there is no report whose public id is {check}" in unknown.stderr
            await until(lambda: counts(0), "the site has taken it back")
            page = (await http.get(f"/checks/{check}")).text
            assert WHY in page
            assert "Edi" not in page
        await jump(client, march(25))
        await until(lambda: is_public(5), "the other one is overdue")
        said = await public(client)
        await passes_words(where, suite, client)
        await follows_what_is_confidential(where, client)
        withdrawn, _ = [
            each async for each in messages(client, "PUBLIC", ["public.*.PublicWithdrawn.>"])
        ]
        inside = [each async for each in messages(client, "INTAKE", ["intake.*.CheckWithdrawn.>"])]
        anew = await asyncio.to_thread(where.tribune, "recount", "--json")
    assert said == ["CheckOpened", "CheckOpened", "CheckOverdue", "PublicWithdrawn", "CheckOverdue"]
    assert json.loads(anew.stdout)["differences"] == [], anew.stderr
    event = decode(withdrawn.headers, withdrawn.body, 1).event
    assert isinstance(event, PublicWithdrawn)
    assert (event.what, event.id, event.reason) == ("check", check, WHY)
    assert event.on == date(2026, 3, 10), "in Boston it is the evening before"
    assert [each.headers["ce-actor"].rpartition(":")[0] for each in inside] == ["staff:editor"]
    verdict = await proven(where)
    assert (verdict.wrong, verdict.behind) == ([], [])
