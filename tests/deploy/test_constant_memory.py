"""`verify` and `why` need no more memory for a longer log, once what they may keep is full."""

import gc
import tracemalloc
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

import pytest
from nats.aio.client import Client

from deploy.looking.why import explain
from deploy.verify import verify
from deploy.verify.scratch import kept_in, scratch
from deploy.verify.states import Standing, States
from services.intake.app import CATEGORIES
from services.intake.domain.report import ConfirmReport, Filed, Unknown
from services.promotion.domain.member import CreditReport, category
from services.promotion.domain.member_state import Member
from services.promotion.domain.settled import Settled, Settlement
from services.promotion.domain.track import Track
from shared.contracts.event import EventRef
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.runtime.settings import Settings
from shared.testing.examples import (
    MONDAY,
    REPORT_CREDITED,
    REPORT_FILED,
    ROXBURY,
    STREET_LIGHTS,
    new_event,
    varied,
)

FEW, MANY = 2_000, 8_000
MOST_GROWTH = 600_000
"""In bytes: 100 for each event that is there more; the smallest state with its key takes 200."""


@pytest.fixture
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a small log fills what may be filled."""
    monkeypatch.setattr("deploy.looking.reading.BATCH", 100)
    monkeypatch.setattr("deploy.verify.scratch.AT_ONCE", 100)
    monkeypatch.setattr("deploy.verify.states.MOST_BYTES", 100_000)


async def peak_of(work: Callable[[], Awaitable[None]]) -> int:
    """The most bytes that it holds at a time."""
    gc.collect()
    tracemalloc.start()
    try:
        await work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.usefixtures("little_room")
async def test_verify_needs_no_more_for_four_times_the_events(nats: Client, tmp_path: Path) -> None:
    settings, peaks = Settings(_env_file=None, data_dir=tmp_path), []

    async def prove() -> None:
        verdict = await verify(nats, settings, lambda _: None)
        assert all("database" in line or "release key" in line for line in verdict.wrong)

    for start, end in ((0, FEW), (FEW, MANY)):
        await _file(nats, start, end)
        peaks.append(await peak_of(prove))
    assert peaks[1] < peaks[0] + MOST_GROWTH


async def _file(client: Client, start: int, end: int) -> None:
    store = JetStreamEventStore(client)
    for first in range(start, end, 500):
        reports = [AggregateKey("intake", "report", f"{n:032x}") for n in range(first, first + 500)]
        await store.append(
            [
                Append(key, 0, [new_event(varied(REPORT_FILED, report_id=key.id), 1, key.id)])
                for key in reports
            ]
        )


SETTLEMENT = Settlement("confirmed", date(2030, 1, 1))


@pytest.mark.usefixtures("little_room")
def test_what_was_put_aside_of_an_aggregate_is_found_again() -> None:
    def key(kind: str, number: int) -> AggregateKey:
        return AggregateKey("promotion" if kind == "member" else "intake", kind, f"{number:032x}")

    def member(number: int) -> Member:
        return Member(digest=str(number), settled=Settled().with_one(str(number), SETTLEMENT))

    def report(number: int) -> Filed:
        return Filed(ROXBURY, STREET_LIGHTS, bool(number % 2), None, ConfirmReport)

    with scratch() as notes:
        states = States(notes, (*CATEGORIES, category(())))
        assert states.of(key("report", 0)) == Standing(0, Unknown())
        for number in range(1_000):
            states.put(key("member", number), Standing(number, member(number)))
            states.put(key("report", number), Standing(1, report(number), number > 0))
        for number in range(1_000):
            revision, state, is_sound = states.of(key("member", number))
            assert (revision, state.digest, is_sound) == (number, str(number), True)
            assert str(number) in state.settled
            assert states.of(key("report", number)) == Standing(1, report(number), number > 0)


def test_what_another_process_folded_is_found_here(tmp_path: Path) -> None:
    member = AggregateKey("promotion", "member", "1" * 32)
    with kept_in(tmp_path / "theirs.db") as theirs:
        there = States(theirs, [category(())])
        there.put(member, Standing(7, Member(digest="7")))
        there.put_all_aside()
        theirs.hand_over()
    with scratch() as notes:
        here = States(notes, [category(())])
        notes.take_in(tmp_path / "theirs.db")
        here.have_come_in()
        revision, state, is_sound = here.of(member)
    assert (revision, state.digest, is_sound) == (7, "7", True)


@pytest.mark.usefixtures("little_room")
async def test_why_needs_no_more_for_four_times_the_credits(nats: Client) -> None:
    peaks = []
    for count in (300, 1_200):
        member = f"{count:032x}"
        await _qualify(nats, member, count)

        async def tell(member: str = member, count: int = count) -> None:
            told = [line async for line in explain(nats, member)]
            assert told[1].what == f"{count:,} credits"
            assert told[1].text == "as its digest says"

        peaks.append(await peak_of(tell))
    assert peaks[1] < peaks[0] + MOST_GROWTH


async def _qualify(client: Client, member: str, count: int) -> None:
    track = Track("long", 1, "Long", confirmed=count, sectors=1, days=1, refuted_share=1)
    store = JetStreamEventStore(client)
    handler = CommandHandler(store, [category([track])], lambda: MONDAY)
    outcomes = await handler.handle(
        [Envelope(_credit(member, number), f"{member} {number}") for number in range(count)]
    )
    assert not any(outcome.error for outcome in outcomes)


def _credit(member: str, number: int) -> CreditReport:
    earned_by = EventRef(id=f"{number:032x}", stream="INTAKE", sequence=number + 1)
    return CreditReport(
        varied(REPORT_CREDITED, member_id=member, report_id=earned_by.id, earned_by=earned_by)
    )
