"""`tribune why` draws checkers once more, and names none of them."""

from nats.aio.client import Client

from deploy.looking.why import explain
from services.intake.domain.draw import Candidate, Wanted, draw, seed_of
from shared.contracts.checking import CheckersDrawn
from shared.contracts.event import Event
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.testing.examples import (
    CHECKER_QUALIFIED,
    CHECKER_READY,
    CHECKERS_DRAWN,
    CHECKING_OPENED,
    ROXBURY,
    new_event,
    varied,
)

PEOPLE = [f"{number:032x}" for number in range(1, 6)]
EVENTS = 2 * len(PEOPLE)


def drawn() -> CheckersDrawn:
    pool = [Candidate(who, ROXBURY, 1) for who in PEOPLE]
    wanted = Wanted(ROXBURY, 2, before=EVENTS, often=3, enough=5)
    seed = seed_of(CHECKING_OPENED.claim_id)
    lot = draw(pool, wanted, seed)
    said = {name: getattr(lot, name) for name in ("candidates", "digest", "drawn", "passed_over")}
    return varied(CHECKERS_DRAWN, **said, seed=seed, missing=0, as_of=EVENTS + 1)  # type: ignore[no-any-return]


async def in_the_log(client: Client, *events: Event) -> None:
    store, last = JetStreamEventStore(client), dict[AggregateKey, tuple[int, int]]()
    for sequence, event in enumerate(events, start=1):
        key = AggregateKey(event.service, event.aggregate, event.aggregate_id)
        revision, expected = last.get(key, (0, 0))
        new = new_event(event, revision=revision + 1, command=f"{sequence}")
        await store.append([Append(key, expected, [new])])
        last[key] = (revision + 1, sequence)


async def explained(client: Client, event: CheckersDrawn) -> str:
    await in_the_log(
        client,
        *(varied(CHECKER_QUALIFIED, member_id=who) for who in PEOPLE),
        *(varied(CHECKER_READY, member_id=who) for who in PEOPLE),
        varied(CHECKING_OPENED, claimed_in=EVENTS),
        event,
    )
    lines = [each.text async for each in explain(client, f"INTAKE/{EVENTS + 2}")]
    (line,) = [each for each in lines if "candidates of" in each]
    assert not any(who in text for who in PEOPLE for text in lines)
    return line


async def test_the_draw_is_so(nats: Client) -> None:
    line = await explained(nats, drawn())
    assert "2 of 5 candidates of us.ma.boston.roxbury" in line
    assert "drawn again, it is so; 5 of them were ready before the claim" in line


async def test_who_was_put_in_by_hand_is_found_out(nats: Client) -> None:
    fair = drawn()
    friend = next(who for who in PEOPLE if who not in fair.drawn)
    line = await explained(nats, varied(fair, drawn=(friend, fair.drawn[0])))
    assert "it is NOT so" in line
