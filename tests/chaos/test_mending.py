"""What the operator's page says about each damage brings back what was there, to the event."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable
from typing import Any

import damage
import pytest
from damage import in_database
from real_suite import Home, proven, started, swept, until
from replays import LOGS, Left, left_by
from test_verify_finds import (
    answer_again,
    answer_for_nothing,
    confirm_a_report,
    deep,
)

from deploy.feeding.demo import END
from deploy.looking.lag import settled
from shared.eventsourcing.inbox.receipts import THROUGH
from shared.eventsourcing.jetstream.ends import ends_at, newest
from shared.eventsourcing.jetstream.positions import Position, PositionKeeper

pytestmark = pytest.mark.deep

LEARNED_LATER = {"CheckOverdue", "OverdueWithdrawn"}
"""A claim that comes in once more comes after the sweep, and takes back what that raised."""


def tribune(where: Home, *arguments: str) -> str:
    told = where.tribune(*arguments)
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


async def runs_again(where: Home) -> None:
    """It starts, works off what is to do, and stops."""
    async with started(where.suite()) as client:
        end = await ends_at(client, "INBOX_BOSTON")

        async def taken_in() -> bool:
            last = await newest(client, "RECEIPTS", "receipt.boston.*")
            return last is not None and int(last.headers[THROUGH]) >= end

        await until(taken_in, "the inbox is taken in")
        await swept(client, END)
        await settled(client)


async def is_whole(where: Home, expected: Left) -> None:
    verdict = await proven(where)
    assert verdict.wrong == []
    left = await left_by(where)
    for stream in LOGS:
        there, wanted = _which(left, stream), _which(expected, stream)
        assert wanted - there == Counter(), "nothing is missing"
        assert {kind for kind, _ in there - wanted} <= LEARNED_LATER, "and nothing is there twice"
    assert _whatever_the_order(left) == _whatever_the_order(expected)


def _whatever_the_order(left: Left) -> dict[str, list[tuple[Any, ...]]]:
    """Of who qualified for what only that: the day and its figures go by the order of the credits,
    and that goes by batches."""
    return {
        model: sorted(tuple(each for each in row if isinstance(each, str)) for row in rows)
        if model.startswith("qualif")
        else rows
        for model, rows in left.rows.items()
    }


def _which(left: Left, stream: str) -> Counter[tuple[str, str]]:
    """Without their bodies: the digest of a qualification goes by the order of its credits."""
    found: Counter[tuple[str, str]] = Counter()
    for (kind, of, _), count in left.events[stream].items():
        found[kind, of] += count
    return found


def derive_anew(where: Home) -> None:
    """All that follows from INTAKE, once INTAKE is as it is to be."""
    tribune(where, "setup", "--anew", "PROMOTION", "--anew", "PUBLIC", "--yes")
    tribune(where, "redo", "--all")
    tribune(where, "rebuild")


def change_a_row(where: Home) -> None:
    in_database(where, "intake", "UPDATE checks_v4 SET owner = 'x' WHERE due_at < '2011-07-15'")


def remove_rows(where: Home) -> None:
    in_database(where, "promotion", "DELETE FROM members_v4")


def move_checkpoints(where: Home) -> None:
    in_database(where, "publishing", "UPDATE checkpoints SET sequence = sequence - 100")
    in_database(where, "intake", "UPDATE checkpoints SET sequence = sequence + 100")


def remove_database(where: Home) -> None:
    (where.data_dir / "publishing.db").unlink()


@pytest.mark.parametrize(
    "harm", [move_checkpoints, *map(deep, (change_a_row, remove_rows, remove_database))]
)
async def test_rows_are_rebuilt_whatever_was_done_to_them(
    copy: Home, expected: Left, harm: Callable[[Home], None]
) -> None:
    harm(copy)
    assert (await proven(copy)).wrong
    tribune(copy, "rebuild")
    await is_whole(copy, expected)


@pytest.mark.deep
async def test_a_database_that_is_gone_is_filled_by_its_service(copy: Home, expected: Left) -> None:
    for service in ("intake", "promotion", "publishing"):
        (copy.data_dir / f"{service}.db").unlink()
    await runs_again(copy)
    await is_whole(copy, expected)


async def test_what_a_reaction_or_a_relay_left_out_is_made_up(copy: Home) -> None:
    async with copy.log() as client:
        await confirm_a_report(client)
        end = await ends_at(client, "INTAKE")
        for service, name in (("promotion", "credits"), ("publishing", "public-intake")):
            keeper = PositionKeeper(client, service, name)
            at = await keeper.begin()
            await keeper.move(Position(end, at.handles, at.wrote))
    assert len((await proven(copy)).wrong) == 3
    assert "credits goes through INTAKE again from 1 on" in tribune(copy, "redo", "credits")
    tribune(copy, "redo", "public-intake", "--from", str(end - 100))
    await runs_again(copy)
    assert (await proven(copy)).wrong == []


async def test_receipts_that_are_wrong_are_withdrawn_and_given_anew(
    copy: Home, expected: Left
) -> None:
    async with copy.log() as client:
        through = await ends_at(client, "INBOX_BOSTON")
        await answer_again(client)
        await answer_for_nothing(client)
    assert (await proven(copy)).wrong
    tribune(copy, "redo", "inbox-boston", "--from", str(through - 600))
    await runs_again(copy)
    await is_whole(copy, expected)


async def test_while_the_suite_runs_a_loop_that_stands_at_its_end_is_told(copy: Home) -> None:
    async with started(copy.suite()) as client:
        before = await ends_at(client, "RECEIPTS")
        await asyncio.to_thread(tribune, copy, "redo", "--all")
        async with asyncio.timeout(120):
            while await ends_at(client, "RECEIPTS") < before + 2:
                await asyncio.sleep(0.05)
            await settled(client)
        proof = await asyncio.to_thread(copy.tribune, "verify")
    assert proof.returncode == 0, proof.stdout + proof.stderr


@pytest.mark.parametrize("harm", ["flipped", deep("cut"), deep("emptied")])
async def test_public_begins_anew_under_the_same_ids(copy: Home, expected: Left, harm: str) -> None:
    trace = await damage.trace_of(copy, "PUBLIC", 5_000)
    match harm:
        case "flipped":
            damage.flip_bit(copy, "PUBLIC", trace)
        case "cut":
            damage.cut_tail(copy, "PUBLIC", trace)
        case _:
            damage.empty(copy, "PUBLIC")
    assert (await proven(copy)).wrong
    tribune(copy, "setup", "--anew", "PUBLIC", "--yes")
    await runs_again(copy)
    await is_whole(copy, expected)


@pytest.mark.deep
async def test_what_a_log_has_lost_comes_back_from_the_inbox(copy: Home, expected: Left) -> None:
    """Its end is cut off: services refuse to run on it, and nobody is told that all is well."""
    damage.cut_tail(copy, "INTAKE", await damage.trace_of(copy, "INTAKE", 4_000))
    refused = await asyncio.to_thread(copy.tribune, "up", "--port", str(copy.suite().port))
    assert refused.returncode == 3
    tribune(copy, "rebuild")
    assert (await proven(copy)).wrong, "rows that fit the shorter log seal no loss"
    derive_anew(copy)
    await runs_again(copy)
    await is_whole(copy, expected)


@pytest.mark.deep
async def test_a_log_from_an_older_backup_is_brought_up_to_date(
    grown: Home, undisturbed: Home, copy: Home
) -> None:
    """The copy of before the large reports takes the place of a damaged INTAKE."""
    shutil.rmtree(copy.data_dir)
    shutil.copytree(grown.data_dir, copy.data_dir)
    whole = await left_by(copy)
    (now,) = (copy.data_dir / "nats").glob("jetstream/*/streams/INTAKE")
    (older,) = (undisturbed.data_dir / "nats").glob("jetstream/*/streams/INTAKE")
    shutil.rmtree(now)
    shutil.copytree(older, now)
    assert (await proven(copy)).wrong
    derive_anew(copy)
    await runs_again(copy)
    await is_whole(copy, whole)


@pytest.mark.parametrize("harm", [deep("flipped"), "cut", deep("emptied")])
async def test_promotion_s_log_follows_from_intake_s(copy: Home, expected: Left, harm: str) -> None:
    trace = await damage.trace_of(copy, "PROMOTION", 800)
    match harm:
        case "flipped":
            damage.flip_bit(copy, "PROMOTION", trace)
        case "cut":
            damage.cut_tail(copy, "PROMOTION", trace)
        case _:
            damage.empty(copy, "PROMOTION")
    assert (await proven(copy)).wrong
    tribune(copy, "setup", "--anew", "PROMOTION", "--anew", "PUBLIC", "--yes")
    await runs_again(copy)
    await is_whole(copy, expected)


@pytest.mark.parametrize("harm", [deep("flipped"), "cut", deep("emptied")])
async def test_an_inbox_whose_messages_were_taken_in_begins_anew_behind_them(
    copy: Home, expected: Left, harm: str
) -> None:
    trace = await damage.trace_of(copy, "INBOX_BOSTON", 3_000)
    match harm:
        case "flipped":
            damage.flip_bit(copy, "INBOX_BOSTON", trace)
        case "cut":
            damage.cut_tail(copy, "INBOX_BOSTON", trace)
        case _:
            damage.empty(copy, "INBOX_BOSTON")
    assert (await proven(copy)).wrong
    async with copy.log() as client:
        through = 0
    tribune(copy, "setup", "--anew", "INBOX_BOSTON", "--yes")
    async with started(copy.suite()) as client:
        await settled(client)
        through = await ends_at(client, "INBOX_BOSTON")
    assert through == len(expected.events["INTAKE"]) or through > 6_000
    await is_whole(copy, expected)


@pytest.mark.parametrize("harm", ["flipped", deep("cut"), deep("emptied")])
async def test_receipts_are_given_anew_from_what_the_inboxes_hold(
    copy: Home, expected: Left, harm: str
) -> None:
    trace = await damage.trace_of(copy, "RECEIPTS", 10)
    match harm:
        case "flipped":
            damage.flip_bit(copy, "RECEIPTS", trace)
        case "cut":
            damage.cut_tail(copy, "RECEIPTS", trace)
        case _:
            damage.empty(copy, "RECEIPTS")
    assert (await proven(copy)).wrong
    tribune(copy, "setup", "--anew", "RECEIPTS", "--yes")
    await runs_again(copy)
    await is_whole(copy, expected)


async def test_the_truth_can_not_begin_anew(copy: Home) -> None:
    told = await asyncio.to_thread(copy.tribune, "setup", "--anew", "INTAKE", "--yes")
    assert told.returncode == 1
    assert "restore it from a backup" in told.stderr


async def test_nothing_is_taken_from_under_a_service_that_runs(copy: Home) -> None:
    async with started(copy.suite()):
        for stream, service in (("PUBLIC", "gate"), ("RECEIPTS", "intake")):
            told = await asyncio.to_thread(copy.tribune, "setup", "--anew", stream, "--yes")
            assert told.returncode == 1
            assert f"{service} runs; stop it first" in told.stderr
