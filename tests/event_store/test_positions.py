"""Positions of reactions and relays stand in the log's server; only one process can move one."""

import pytest
from nats.aio.client import Client

from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.jetstream.positions import Position, PositionKeeper

TYPES = frozenset({"tribune.intake.ReportFiled", "tribune.intake.ReportConfirmed"})


def keeper(client: Client, name: str = "credits") -> PositionKeeper:
    return PositionKeeper(client, "promotion", name)


async def test_before_the_first_move_it_is_nowhere(nats: Client) -> None:
    assert await keeper(nats).begin() == Position()


async def test_what_was_moved_is_where_the_next_one_begins(nats: Client) -> None:
    one = keeper(nats)
    await one.begin()
    for position in (Position(7, TYPES, 3), Position(9, TYPES, 3), Position(4)):
        await one.move(position)
        assert one.position == position
        assert await keeper(nats).begin() == position


async def test_each_has_its_own(nats: Client) -> None:
    one, other = keeper(nats), keeper(nats, "other")
    for each, sequence in ((one, 7), (other, 9)):
        await each.begin()
        await each.move(Position(sequence))
    assert (await keeper(nats).begin()).sequence == 7
    assert (await keeper(nats, "other").begin()).sequence == 9


async def test_of_two_that_began_at_the_same_place_only_one_moves_it(nats: Client) -> None:
    """The lease says who works; this is what holds if the lease should ever fail."""
    one, two = keeper(nats), keeper(nats)
    for each in (one, two):
        await each.begin()
    await one.move(Position(5))
    with pytest.raises(ConcurrencyError):
        await two.move(Position(8))
    assert two.position == Position()
    await two.begin()
    await two.move(Position(8))
    with pytest.raises(ConcurrencyError):
        await one.move(Position(6))
    assert (await keeper(nats).begin()).sequence == 8
