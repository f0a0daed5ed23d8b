"""`tribune why` proves a qualification also where credits before it were taken back."""

from crediting import MEMBER, credit
from nats.aio.client import Client

from deploy.looking.why import explain
from services.promotion.domain.member import CreditReport, TakeBackOutcome, category
from services.promotion.domain.track import Track
from shared.eventsourcing.command_handler import CommandHandler, Envelope
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.testing.examples import MONDAY

TRACK = Track("two", 1, "Two", 2, 1, 1, 1.0)


async def test_what_was_taken_back_before_is_counted_off(nats: Client) -> None:
    first, second, third = credit(0), credit(1), credit(2)
    back = TakeBackOutcome(
        member_id=MEMBER,
        report_id=first.report_id,
        place=first.place,
        sector=first.sector,
        confidential=False,
        protected=False,
        on=MONDAY.date(),
        taken_back_for=first.earned_by,
    )
    handler = CommandHandler(
        JetStreamEventStore(nats), [category([TRACK], takes_back=True)], lambda: MONDAY
    )
    commands = [CreditReport(first), back, CreditReport(second), CreditReport(third)]
    envelopes = [Envelope(each, f"command {number}") for number, each in enumerate(commands)]
    assert not any(outcome.error for outcome in await handler.handle(envelopes))
    lines = [line async for line in explain(nats, MEMBER)]
    assert lines[0].what == "MemberQualified"
    assert "confirmed=2" in lines[0].text
    assert lines[1].what == "3 credits"
    assert lines[1].text == "1 of them taken back; as its digest says"
