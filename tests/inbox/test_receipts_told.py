"""`tribune receipts`: what became of messages, by reason and one by one, from what RECEIPTS has."""

import asyncio
import json
import subprocess
import sys
from typing import Any

import pytest
from nats.aio.client import Client
from test_publication import acknowledged_into_receipts
from typer.testing import CliRunner, Result
from upstream import WITHIN_S, answers, headers, inbox, running, send, submitted

from deploy.cli import app
from deploy.looking.accounts import Account, accounts
from deploy.looking.receipts import Asked
from deploy.looking.withdrawals import Withdrawals
from deploy.upkeep.redo import redo
from shared.testing.servers import NatsServer


@pytest.fixture
async def answered(nats: Client, server: NatsServer, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Of 60 messages: 3 refused for their place, far from one another, and 1 said twice."""
    monkeypatch.setenv("TRIBUNE_NATS_URL", server.url)
    atlantis = [submitted(n, f"bad-{n}", place="us.ma.atlantis") for n in (5, 50)]
    utopia = submitted(40, "bad-40", place="us.ma.utopia")
    good = [submitted(n) for n in range(1, 58)]
    await send(nats, *good[:4], atlantis[0], *good[4:38], utopia, *good[38:], atlantis[1], good[0])
    async with running(inbox(nats)) as box:
        await answers(nats, box)
    return nats


async def account(client: Client, asked: Asked | None = None) -> Account:
    found = await accounts(client, asked or Asked(), lambda _, __: None)
    return found["boston"]


async def tribune(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, ["receipts", *arguments])


def _number(one: dict[str, Any]) -> int:
    return int(one["message"].removeprefix("INBOX_BOSTON/"))


async def forget_all(client: Client) -> None:
    """As after 30 days."""
    jetstream = client.jetstream()
    config = (await jetstream.stream_info("INBOX_BOSTON")).config
    await jetstream.update_stream(config.evolve(max_age=0.2, duplicate_window=0.1))
    async with asyncio.timeout(WITHIN_S):
        while (await jetstream.stream_info("INBOX_BOSTON")).state.messages:
            await asyncio.sleep(0.02)


def counts(of: Account) -> tuple[int, ...]:
    return (of.accepted, of.duplicate, of.refusals.total, of.withdrawn, of.lost)


@pytest.mark.usefixtures("answered")
async def test_refusals_are_told_by_reason_place_and_value() -> None:
    told = (await tribune()).stdout.splitlines()
    assert told == [
        "boston: 57 accepted  1 duplicate  3 refused",
        "        3  Unknown place at /place: The charter has no such place.",
        '                2  "us.ma.atlantis"   first: bad-5 INBOX_BOSTON/5',
        '                1  "us.ma.utopia"   first: bad-40 INBOX_BOSTON/40',
    ]
    alone = (await tribune("--refused", "--source", "boston")).stdout.splitlines()
    assert alone == ["boston: 3 refused", *told[1:]]
    as_json = json.loads((await tribune("--json")).stdout)["boston"]
    assert (as_json["accepted"], as_json["refused"]) == (57, 3)
    assert [value["refused"] for value in as_json["refusals"][0]["values"]] == [2, 1]


@pytest.mark.usefixtures("answered")
async def test_each_is_told_and_one_by_any_of_its_names() -> None:
    each = json.loads((await tribune("--each", "--json")).stdout)
    assert sorted(map(_number, each)) == list(range(1, 62))
    refused = (await tribune("--each", "--refused")).stdout.splitlines()
    assert refused[1] == (
        "INBOX_BOSTON/40  report.submitted  bad-40  refused: Unknown place at /place: The"
        ' charter has no such place. It said "us.ma.utopia"  RECEIPTS/2'
    )
    for name in ("bad-40", "INBOX_BOSTON/40", "inbox_boston/40"):
        assert (await tribune(name)).stdout.splitlines()[0] == refused[1]
    twice = json.loads((await tribune("submitted-1", "--json")).stdout)
    assert [one["became"] for one in twice] == ["accepted", "duplicate"]
    assert twice[0]["event"] == twice[1]["event"] == "INTAKE/1"
    by_id = json.loads((await tribune(twice[0]["id"], "--json")).stdout)
    assert by_id == twice


@pytest.mark.usefixtures("answered")
async def test_of_one_that_was_not_refused_and_of_other_sources_nothing_is_made_up(
    nats: Client,
) -> None:
    assert (await tribune("submitted-1", "--refused")).stdout == "Nothing was refused.\n"
    assert (await tribune("submitted-1", "--refused", "--json")).stdout == "[]\n"
    await nats.jetstream().add_stream(name="INBOX_CHICAGO", subjects=["inbox.chicago.>"])
    ended = await tribune("submitted-1", "--source", "chicago")
    assert ended.exit_code == 2
    assert "has no message submitted-1 of chicago: no receipt names it" in ended.stderr
    assert (
        await tribune("--each", "--source", "chicago")
    ).stdout == "No message has a receipt yet.\n"


async def test_what_the_inbox_forgot_is_told_without_its_value(answered: Client) -> None:
    await forget_all(answered)
    (reason,) = (await account(answered)).refusals
    assert (reason.count, reason.values) == (3, {})
    assert "  refused: Unknown place at /place: " in (await tribune("bad-5")).stdout


async def test_what_was_withdrawn_counts_once_more_only_when_it_is_answered_again(
    answered: Client,
) -> None:
    await acknowledged_into_receipts(answered)
    await redo(answered, "inbox-boston", 40)
    assert counts(await account(answered)) == (38, 0, 1, 22, 0)
    async with running(inbox(answered)) as box, asyncio.timeout(WITHIN_S):
        while box.position < 62:
            await asyncio.sleep(0.005)
    assert counts(await account(answered)) == (57, 1, 4, 22, 0), "and what has no id is refused"
    told = (await tribune("bad-40")).stdout.splitlines()
    assert len(told) == 2
    assert told[0].endswith(", withdrawn: its inbox was taken in again")
    refused = await account(answered, Asked(refused_only=True))
    assert counts(refused)[:3] == (0, 0, 4)


def test_a_receipt_holds_unless_a_later_withdrawal_goes_back_behind_it() -> None:
    withdrawn = Withdrawals()
    for at, behind in ((10, 50), (20, 30), (30, 40)):
        withdrawn.add("boston", at, behind)
    assert withdrawn.hold("chicago", 5, 100)
    assert [withdrawn.hold("boston", 5, number) for number in (30, 31, 50)] == [True, False, False]
    assert [withdrawn.hold("boston", 25, number) for number in (40, 41)] == [True, False]
    assert withdrawn.hold("boston", 31, 1_000)


async def test_a_message_without_a_receipt_is_told_where_it_is(answered: Client) -> None:
    async def waiting(*names: str) -> list[str]:
        return [(await tribune(name)).stdout.strip() for name in names]

    await send(answered, submitted(70), submitted(71, "other"))
    assert await waiting("submitted-70", "other", "INBOX_BOSTON/63") == [
        "INBOX_BOSTON/62  is not taken in yet: all up to INBOX_BOSTON/61 are",
        *["INBOX_BOSTON/63  is not taken in yet: all up to INBOX_BOSTON/61 are"] * 2,
    ]
    box = inbox(answered)

    def breaks(*_: object) -> object:
        raise ZeroDivisionError("ours")

    box._preparation._translate = breaks
    async with running(box):
        await answers(answered, box)
    await forget_all(answered)
    (told,) = await waiting("other")
    assert told.startswith("INBOX_BOSTON/63  failed for a reason of ours, and has no receipt yet")
    assert "DEAD/2; `tribune dead redrive 2`" in told


@pytest.mark.usefixtures("answered")
async def test_a_name_that_nothing_has_is_told_with_what_there_is() -> None:
    for arguments, words in (
        (["nowhere"], "has no message nowhere: no receipt names it, and no inbox holds it"),
        (["--source", "bostn"], "has no source bostn: there are inboxes of boston"),
    ):
        ended = await tribune(*arguments)
        assert ended.exit_code == 2
        assert ended.stderr.startswith("the suite at 127.0.0.1:")
        assert words in ended.stderr


@pytest.mark.usefixtures("answered")
async def test_who_has_read_enough_ends_it_without_a_word() -> None:
    ended = await asyncio.to_thread(
        subprocess.run,
        ["sh", "-c", f"{sys.executable} -m deploy.cli receipts --each | head -n 1"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout.startswith("INBOX_BOSTON/1 ")
    assert ended.stderr == ""


async def test_messages_of_other_kinds_of_wrong_are_told_too(answered: Client) -> None:
    """Without an id, in the other mode, and of a kind that there is not."""
    envelope = {"specversion": "2.0", "id": "s1", "source": "/", "type": "report.submitted"}
    structured = {"content-type": "application/cloudevents+json"}
    await send(answered, (structured, json.dumps(envelope).encode()), ({}, b"{}"))
    await send(answered, (headers("k1", "nothing"), b"{}"), subject="inbox.boston.nothing")
    async with running(inbox(answered)) as box:
        await answers(answered, box)
    told = (await tribune("--refused")).stdout
    assert "Not a CloudEvent at /specversion: Only CloudEvents 1.0 is understood." in told
    assert '1  "2.0"   first: s1 INBOX_BOSTON/62' in told
    assert "Not a CloudEvent at /id: This CloudEvents attribute is required.   first: INBOX" in told
    assert "Unknown kind: There is no inbox kind of this name" in told
