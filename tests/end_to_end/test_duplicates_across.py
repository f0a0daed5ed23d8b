"""Chains of duplicates through the whole suite: rows, proof, reasons, and all of it once more."""

import json
from pathlib import Path

import pytest
from real_suite import KEYS, Home, home, started, until

from deploy.asking import ask
from deploy.looking.lag import settled
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at
from shared.testing.examples import MONDAY, report_id

AT = MONDAY.isoformat()
PLACE = {"place": "us.ma.boston.roxbury", "sector": "street-lights", "filed_at": AT}
SAID = [(1, 2), (2, 3), (4, 9), (5, 6), (6, 5)]
"""A chain, one whose original is filed last, and a ring."""


async def tell(client: Client, number: int, kind: str, body: dict[str, str]) -> None:
    headers = {
        "ce-specversion": "1.0",
        "ce-id": f"{kind} {number}",
        "ce-source": "https://311.example",
        "ce-type": kind,
    }
    message = json.dumps({"report": str(number)} | body).encode()
    await client.jetstream().publish(f"inbox.boston.{kind}", message, headers=headers)


async def come_to_rest(client: Client) -> dict[str, int]:
    async def taken_in() -> bool:
        at = (await ask(client, "intake"))["positions"].get("inbox boston", 0)
        return bool(at >= await ends_at(client, "INBOX_BOSTON"))

    await until(taken_in, "the inbox is taken in")
    return await settled(client)


def states(where: Home) -> dict[str, str]:
    columns = frozenset(["source", "place", "sector", "confidential", "filed_at", "settled_at"])
    return {number: state for _, number, state in where.rows(without=columns)["reports_v5"]}


@pytest.mark.deep
async def test_the_suite_follows_chains_proves_them_and_does_nothing_twice(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    where = home(request, tmp_path, **KEYS)
    async with started(where.suite()) as client:
        for number in range(1, 7):
            await tell(client, number, "report.submitted", PLACE)
        for number, of in SAID:
            body = {"outcome": "duplicate", "duplicate_of": str(of), "resolved_at": AT}
            await tell(client, number, "report.resolved", body)
        await come_to_rest(client)
        assert {one for one, state in states(where).items() if state == "duplicate"} == {*"125"}
        assert (await ask(client, "intake"))["reports"]["claimed"] == 1
        await tell(client, 9, "report.submitted", PLACE)
        ends = await come_to_rest(client)
        assert states(where)["4"] == "duplicate"
    for again in (False, True):
        if again:
            assert where.tribune("redo", "duplicates").returncode == 0
            assert where.tribune("redo", "inbox-boston").returncode == 0
            async with started(where.suite()) as client:
                assert await come_to_rest(client) == ends
        proof = where.tribune("verify")
        assert proof.returncode == 0, proof.stdout + proof.stderr
        assert proof.stdout.splitlines()[-1] == "no difference"
    told = where.tribune("why", report_id(1))
    assert told.returncode == 0, told.stderr
    assert f"head={report_id(3)}" in told.stdout
    assert "because HeadFound" in told.stdout
