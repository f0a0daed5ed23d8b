"""What the writers of one process wrote beside each other is not looked at; all else is."""

from hypothesis import given
from hypothesis import strategies as st
from nats.aio.client import Client

from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.tail import Tail
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.eventsourcing.jetstream.written import Written
from shared.testing.examples import REPORT_FILED, varied

MARK = {"Tribune-Key": "ours"}
SPANS = st.lists(st.tuples(st.booleans(), st.integers(1, 4)), max_size=30)
"""Pieces of a stream one after the other: whether we wrote each, and how long it is."""


@given(SPANS, st.permutations(range(30)), st.integers(1, 60), st.integers(0, 60))
def test_it_holds_what_was_noted_and_nothing_else(
    pieces: list[tuple[bool, int]], order: list[int], first: int, more: int
) -> None:
    written, ours, at = Written(), list[tuple[int, int]](), 1
    for is_ours, length in pieces:
        ours += [(at, at + length - 1)] * is_ours
        at += length
    for index in (each for each in order if each < len(ours)):
        written.note(*ours[index])
    sequences = {sequence for start, end in ours for sequence in range(start, end + 1)}
    asked = range(first, first + more + 1)
    assert written.holds(first, first + more) == (set(asked) <= sequences)


def message(number: int, mark: dict[str, str] | None = None) -> Outgoing:
    subject = varied(REPORT_FILED, report_id=f"{number:032x}").subjects[0]
    return Outgoing(f"intake.{subject}", b"{}", {"ce-id": f"id-{number}"} | (mark or MARK))


def tails(client: Client, written: Written) -> tuple[Tail, Tail]:
    one, other = (
        Tail(client, Publisher(client), "INTAKE", MARK, written),
        Tail(client, Publisher(client), "INTAKE", MARK, written),
    )
    return one, other


async def test_what_another_of_this_process_wrote_is_passed_over(nats: Client) -> None:
    one, other = tails(nats, Written())
    for each in (one, other):
        await each.begin(0)
    await one.append([message(1), message(2)])
    await other.append([message(3)])
    await one.append([message(4)])
    assert (one.end, other.end) == (4, 3)
    assert one.known == other.known == set()


async def test_what_somebody_else_wrote_between_is_looked_at(nats: Client) -> None:
    one, other = tails(nats, Written())
    for each in (one, other):
        await each.begin(0)
    await one.append([message(1)])
    stranger = Tail(nats, Publisher(nats), "INTAKE", MARK)
    await stranger.begin(0)
    await stranger.append([message(2)])
    await other.append([message(2), message(3)])
    assert other.end == 3, "what was there already was not added again"
    assert other.known == {"id-1", "id-2"}


async def test_who_begins_again_looks_at_what_it_wrote_itself(nats: Client) -> None:
    written = Written()
    one, _ = tails(nats, written)
    await one.begin(0)
    await one.append([message(1), message(2)])
    again, _ = tails(nats, written)
    await again.begin(0)
    await again.append([message(1), message(2), message(3)])
    assert again.end == 3
