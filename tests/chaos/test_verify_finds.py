"""One run of `verify` finds whatever was done to a suite: to its log, its receipts or its rows."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import damage
import pytest
from nats.aio.client import Client
from real_suite import Home, proven

from deploy.looking.reading import messages
from deploy.verify import Verdict
from services.intake.app import CATEGORIES
from services.intake.domain.report import ConfirmReport, FileReport
from shared.contracts.identity import aggregate_id
from shared.contracts.receipt import Accepted, Receipts
from shared.contracts.report import ReportConfirmed
from shared.eventsourcing.cloudevents import decode, encode
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.event_store import AggregateKey, Append, RecordedEvent
from shared.eventsourcing.inbox.receipts import THROUGH, WROTE
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.ends import ends_at, newest
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.positions import Position, PositionKeeper
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.testing.examples import MONDAY, REPORT_CREDITED, REPORT_FILED, new_event, varied

LOGS = ("INTAKE", "PROMOTION", "PUBLIC", "RECEIPTS", "INBOX_BOSTON")


def deep(value: object) -> Any:
    """One of several that show the same; the others are for `make test-deep`."""
    return pytest.param(value, marks=pytest.mark.deep)


@pytest.fixture(autouse=True)
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Most states are put aside meanwhile, as in a log that is larger than the memory."""
    monkeypatch.setattr("deploy.verify.states.MOST_BYTES", 50_000)


def finds(verdict: Verdict, *parts: str) -> bool:
    """Whether one line says all of it."""
    return any(all(part in line for part in parts) for line in verdict.wrong)


async def test_a_suite_that_nobody_harmed_has_nothing_wrong(undisturbed: Home) -> None:
    verdict = await proven(undisturbed)
    assert (verdict.wrong, verdict.behind, verdict.left_over) == ([], [], [])


async def test_one_run_finds_all_of_it(
    grown: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.verify.beside.BESIDE_FROM", 0)  # as of a large log
    where = damage.copied(grown, tmp_path / "copy")
    early = {stream: await damage.trace_of(where, stream, 20) for stream in LOGS}
    public = await damage.trace_of(where, "PUBLIC", 3_000)
    async with where.log() as client:
        await answer_again(client)
        await answer_for_nothing(client)
    damage.flip_bit(where, "INTAKE", early["INTAKE"])  # costs its whole block, with the next line
    damage.delete_block(where, "INTAKE", 1)
    damage.flip_bit(where, "INBOX_BOSTON", early["INBOX_BOSTON"])
    damage.flip_bit(where, "RECEIPTS", early["RECEIPTS"])
    damage.cut_tail(where, "PUBLIC", public)
    damage.empty(where, "PROMOTION")
    damage.in_database(
        where,
        "intake",
        "UPDATE reports_v5 SET state = 'closed' WHERE source_id = 'large 900'",
        "DELETE FROM reports_v5 WHERE source_id = 'large 901'",
        "UPDATE checkpoints SET sequence = sequence - 1000 WHERE name = 'checks_v4'",
    )
    damage.in_database(
        where, "publishing", "UPDATE checkpoints SET sequence = 999999 WHERE name = 'board_v5'"
    )
    (where.data_dir / "promotion.db").unlink()
    verdict = await proven(where)
    for parts in (
        ("INTAKE:", "messages are gone or can't be read: 20 to"),
        ("INTAKE:", "messages are gone from its middle"),
        ("INBOX_BOSTON: 1 message is gone or can't be read: 20",),
        ("RECEIPTS: 1 message is gone or can't be read: 20",),
        ("public-intake was at", "of PUBLIC, which ends at 2,999"),
        ("INTAKE/", "PROMOTION has nothing of what credits makes of it"),
        ("credits was at", "of PROMOTION, which ends at 0"),
        ("has 2 receipts",),
        ("names INTAKE/", "which is not there"),
        ("reports_v5", "differs in state"),
        ("reports_v5", "follows from the log, but is not live"),
        ("checks_v4:",),
        ("board_v5 is at 999,999, but PUBLIC ends at 2,999",),
        ("promotion: there is no database", "promotion.db"),
    ):
        assert finds(verdict, *parts), (parts, verdict.wrong)
    assert not (where.data_dir / "promotion.db").exists(), "it makes none"


@pytest.mark.deep
async def test_a_flipped_bit_is_found_wherever_it_is(copy: Home) -> None:
    async with copy.log() as client:
        last = {stream: await ends_at(client, stream) for stream in LOGS}
    places = [(stream, at) for stream in LOGS for at in (7, 14, last[stream])]
    for (stream, _), trace in zip(places, await damage.traces_of(copy, *places), strict=True):
        damage.flip_bit(copy, stream, trace)
    verdict = await proven(copy)
    for stream, at in places:
        assert finds(verdict, f"{stream}: 1 message is gone or can't be read: {at:,}"), (stream, at)


CUT = {
    "INTAKE": ("receipts of boston were given for events up to", "names INTAKE/"),
    "PROMOTION": ("credits was at", "PROMOTION has nothing of what credits makes"),
    "PUBLIC": ("public-intake was at", "PUBLIC has nothing of what public-intake makes"),
    "INBOX_BOSTON": ("INBOX_BOSTON ends at", "INBOX_BOSTON ends at"),
    "RECEIPTS": ("INTAKE/", "which no receipt accepts"),
}


@pytest.mark.parametrize("stream", ["INTAKE", *(deep(stream) for stream in LOGS[1:])])
async def test_a_cut_tail_is_found_by_what_the_others_know(copy: Home, stream: str) -> None:
    sequence = await _end(copy, stream) - 8
    damage.cut_tail(copy, stream, await damage.trace_of(copy, stream, sequence))
    assert await _end(copy, stream) < sequence
    verdict = await proven(copy)
    for said in CUT[stream] if stream != "RECEIPTS" else ():
        assert finds(verdict, said), verdict.wrong
    if stream == "RECEIPTS":
        assert verdict.behind, "the inbox is to be taken in again from there"


@pytest.mark.parametrize("stream", ["INTAKE", *(deep(stream) for stream in LOGS[1:])])
async def test_an_emptied_stream_is_found_and_nothing_waits_for_it(copy: Home, stream: str) -> None:
    damage.empty(copy, stream)
    verdict = await proven(copy)
    assert verdict.wrong


async def test_a_receipt_twice_and_one_for_nothing_are_found(copy: Home) -> None:
    async with copy.log() as client:
        await answer_again(client)
        await answer_for_nothing(client)
    verdict = await proven(copy)
    assert finds(verdict, "INBOX_BOSTON/", "has 2 receipts")
    assert finds(verdict, "names INTAKE/888888 for message", "which is not there")


async def test_a_message_without_a_receipt_is_found(copy: Home) -> None:
    async with copy.log() as client:
        last = await _newest_receipts(client)
        through = int(last.headers[THROUGH]) + 3
        headers = {THROUGH: str(through), WROTE: last.headers[WROTE]}
        await _publish(client, "receipt.boston.accepted", Receipts(source="boston"), headers)
    verdict = await proven(copy)
    assert finds(verdict, f"INBOX_BOSTON/{through - 2:,} to {through:,}: have 0 receipts")


async def test_a_lost_reaction_and_a_lost_publication_are_found(copy: Home) -> None:
    async with copy.log() as client:
        sequence = await confirm_a_report(client)
        end = await ends_at(client, "INTAKE")
        for service, name in (("promotion", "credits"), ("publishing", "public-intake")):
            await _claim_to_be_at(client, service, name, end)
    verdict = await proven(copy)
    assert verdict.wrong == [
        f"INTAKE/{sequence}: PROMOTION has nothing of what credits makes of it",
        f"INTAKE/{sequence - 1}: PUBLIC has nothing of what public-intake makes of it",
        f"INTAKE/{sequence}: PUBLIC has nothing of what public-intake makes of it",
    ]


@pytest.mark.deep
async def test_what_changed_nothing_needs_no_event(copy: Home) -> None:
    """A report that is confirmed twice over, as an older program allowed it, is one credit."""
    async with copy.log() as client:
        confirmed = await _first_confirmation(client)
        key = AggregateKey("intake", "report", confirmed.event.aggregate_id)
        last = (await JetStreamEventStore(client).load(key))[-1]
        again = new_event(confirmed.event, last.revision + 1, "again")
        await JetStreamEventStore(client).append([Append(key, last.sequence, [again])])
        await _claim_to_be_at(client, "promotion", "credits", await ends_at(client, "INTAKE"))
    assert (await proven(copy)).wrong == []


@pytest.mark.deep
async def test_what_a_reaction_made_a_second_time_under_another_id_is_found(copy: Home) -> None:
    """A credit would count twice, and everything else about it is right."""
    async with copy.log() as client:
        confirmed = await _first_confirmation(client)
        event = confirmed.event
        assert isinstance(event, ReportConfirmed)
        key = AggregateKey("promotion", "member", str(event.correspondent))
        last = (await JetStreamEventStore(client).load(key))[-1]
        again = varied(REPORT_CREDITED, member_id=key.id, earned_by=confirmed.ref)
        cause = f"INTAKE/{confirmed.sequence}"
        new = replace(new_event(again, last.revision + 1), causation_id=confirmed.id, cause=cause)
        await JetStreamEventStore(client).append([Append(key, last.sequence, [new])])
        end = await ends_at(client, "PROMOTION")
    verdict = await proven(copy)
    assert f"PROMOTION/{end}: {cause} does not ask for it" in verdict.wrong


@pytest.mark.deep
async def test_what_nobody_went_back_for_yet_is_not_called_proven(copy: Home) -> None:
    """An older process let pass what it did not know, and no newer one has run since."""
    async with copy.log() as client:
        await confirm_a_report(client)
        keeper = PositionKeeper(client, "promotion", "credits")
        await keeper.begin()
        await keeper.move(Position(await ends_at(client, "INTAKE"), frozenset(), 0))
    verdict = await proven(copy)
    said = "credits: has not gone back yet for ReportConfirmed, ReportRefuted in INTAKE"
    assert said in verdict.behind


async def test_garbage_is_a_finding_and_ends_nothing(copy: Home) -> None:
    async with copy.log() as client:
        for subject in ("intake.check.CheckOverdue.x.us", "promotion.x", "public.x", "receipt.x.y"):
            await Publisher(client).publish([Outgoing(subject, b"{}")])
        ends = {name: await ends_at(client, name) for name in LOGS[:4]}
    verdict = await proven(copy)
    for name in LOGS[:3]:
        assert finds(verdict, f"{name}/{ends[name]}: is no event"), verdict.wrong
    assert finds(verdict, f"RECEIPTS/{ends['RECEIPTS']}: is no receipt")


NO_NUMBER, BEYOND_ALL = "9" * 30, "9" * 15
NUMBERS = {
    "receipts without their position": Outgoing("receipt.boston.accepted", b'{"source":"boston"}'),
    "receipts up to no number": Outgoing(
        "receipt.boston.accepted", b'{"source":"boston"}', {THROUGH: NO_NUMBER, WROTE: "0"}
    ),
    "receipts beyond all there is": Outgoing(
        "receipt.boston.accepted", b'{"source":"boston"}', {THROUGH: BEYOND_ALL, WROTE: "0"}
    ),
    "a receipt for no number": Outgoing(
        "receipt.boston.redriven.1",
        b'{"source":"boston","refused":[{"ce_id":null,"kind":"k","inbox_sequence":%s,'
        b'"problem":{"type":"t","title":"t","detail":"d"}}]}' % NO_NUMBER.encode(),
    ),
}


@pytest.mark.deep
@pytest.mark.parametrize("name", [next(iter(NUMBERS)), *map(deep, list(NUMBERS)[1:])])
async def test_a_number_that_none_can_be_is_a_finding_and_ends_nothing(
    copy: Home, name: str
) -> None:
    """It was taken for a range to go through one by one, and did not fit into the scratch."""
    async with copy.log() as client:
        await Publisher(client).publish([NUMBERS[name]])
    verdict = await proven(copy)
    is_number = BEYOND_ALL in NUMBERS[name].headers.values()
    assert finds(verdict, "have 0 receipts" if is_number else "is no receipt"), verdict.wrong


@pytest.mark.deep
@pytest.mark.parametrize("digits", [30, deep(5_000)])
async def test_a_cause_that_none_can_be_is_a_finding_and_ends_nothing(
    copy: Home, digits: int
) -> None:
    async with copy.log() as client:
        event = encode(new_event(varied(REPORT_FILED, report_id="f" * 32)))
        headers = event[1] | {"ce-cause": "INTAKE/" + "9" * digits}
        await Publisher(client).publish([Outgoing(event[0], event[2], headers)])
        end = await ends_at(client, "INTAKE")
    assert finds(await proven(copy), f"INTAKE/{end} came of INTAKE/0, which is not there")


async def _end(where: Home, stream: str) -> int:
    async with where.log() as client:
        return await ends_at(client, stream)


async def _newest_receipts(client: Client) -> Outgoing:
    found = await newest(client, "RECEIPTS", "receipt.boston.*")
    assert found is not None
    return Outgoing(found.subject, found.body, found.headers)


async def answer_again(client: Client) -> None:
    """The newest receipts once more, as an inbox without an expectation would write them."""
    last = await _newest_receipts(client)
    kept = {name: last.headers[name] for name in (THROUGH, WROTE)}
    await Publisher(client).publish([Outgoing(last.subject, last.body, kept)])


async def answer_for_nothing(client: Client) -> None:
    """A receipt for the next message that names an event which is not there."""
    last = await _newest_receipts(client)
    through = int(last.headers[THROUGH]) + 1
    receipt = Accepted(
        ce_id="x", inbox_sequence=through, kind="k", id="0" * 32, sequence=888888, duplicate=False
    )
    headers = {THROUGH: str(through), WROTE: last.headers[WROTE]}
    body = Receipts(source="boston", accepted=(receipt,))
    await _publish(client, "receipt.boston.accepted", body, headers)


async def _publish(client: Client, subject: str, body: Receipts, headers: dict[str, str]) -> None:
    await Publisher(client).publish([Outgoing(subject, body.model_dump_json().encode(), headers)])


async def confirm_a_report(client: Client) -> int:
    """Filed and confirmed by commands, for a member; the sequence of the confirmation."""
    handler = CommandHandler(JetStreamEventStore(client), CATEGORIES, lambda: MONDAY)
    report_id = aggregate_id("report", "boston", "nobody's")
    nobody = aggregate_id("member", "boston", "nobody")
    filed = varied(
        REPORT_FILED,
        report_id=report_id,
        correspondent=nobody,
        place="us.ma.boston",
        sector="sanitation",
    )
    outcomes: Sequence[object] = await handler.handle(
        [Envelope(FileReport(filed), "a"), Envelope(ConfirmReport(report_id, "seen", MONDAY), "b")]
    )
    return int(outcomes[-1].sequence)  # type: ignore[attr-defined]


async def _first_confirmation(client: Client) -> RecordedEvent:
    async for message in messages(client, "INTAKE", [ReportConfirmed.filter()]):
        recorded = decode(message.headers, message.body, message.sequence)
        if isinstance(recorded.event, ReportConfirmed) and recorded.event.correspondent:
            return recorded
    raise AssertionError("nobody's report was confirmed")


async def _claim_to_be_at(client: Client, service: str, name: str, sequence: int) -> None:
    keeper = PositionKeeper(client, service, name)
    at = await keeper.begin()
    await keeper.move(Position(sequence, at.handles, at.wrote))
