"""What is remembered is bounded by bytes, and what was used last stays."""

from dataclasses import dataclass

from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.folded import Folded
from shared.eventsourcing.memory import BYTES_AN_EVENT, BYTES_EACH, Memory

ROOM_FOR = 10


def key(number: int) -> AggregateKey:
    return AggregateKey("intake", "report", f"{number:032x}")


def folded(revision: int) -> Folded:
    return Folded(None, sequence=revision, revision=revision)


def memory() -> Memory:
    return Memory(ROOM_FOR * (BYTES_EACH + BYTES_AN_EVENT))


def test_only_as_many_are_remembered_as_there_is_room_for() -> None:
    remembers = memory()
    for number in range(5 * ROOM_FOR):
        remembers.remember(key(number), folded(1))
    assert len(remembers) == ROOM_FOR
    assert remembers.get(key(5 * ROOM_FOR - 1)) is not None
    assert remembers.get(key(0)) is None


def test_one_that_lives_long_takes_the_room_of_many() -> None:
    remembers = memory()
    for number in range(ROOM_FOR):
        remembers.remember(key(number), folded(1))
    remembers.remember(key(0), folded(20))
    assert 1 < len(remembers) < ROOM_FOR
    remembers.remember(key(0), folded(1_000))
    assert len(remembers) == 0, "what is larger than all there is, is not kept"
    assert remembers.bytes == 0


@dataclass
class Large:
    held_bytes: int


def test_a_state_that_tells_what_it_holds_takes_that_room() -> None:
    remembers = memory()
    for number in range(ROOM_FOR):
        remembers.remember(key(number), folded(1))
    one = folded(1)
    one.state = Large(3 * (BYTES_EACH + BYTES_AN_EVENT))
    remembers.remember(key(0), one)
    assert len(remembers) == ROOM_FOR - 3
    one = folded(2)
    one.state = Large(0)
    remembers.remember(key(0), one)
    assert remembers.bytes == (ROOM_FOR - 3) * BYTES_EACH + (ROOM_FOR - 2) * BYTES_AN_EVENT


def test_what_was_used_last_stays_and_the_more_recent_state_is_kept() -> None:
    remembers = memory()
    for number in range(ROOM_FOR):
        remembers.remember(key(number), folded(1))
    remembers.remember(key(0), folded(1))
    remembers.remember(key(99), folded(1))
    assert remembers.get(key(0)) is not None
    assert remembers.get(key(1)) is None
    remembers.remember(key(0), folded(2))
    remembers.remember(key(0), folded(1))
    newest = remembers.get(key(0))
    assert newest is not None
    assert newest.revision == 2


def test_one_that_is_remembered_again_takes_its_room_once() -> None:
    remembers = memory()
    for revision in range(1, 50):
        remembers.remember(key(0), folded(min(revision, 2)))
    assert remembers.bytes == BYTES_EACH + 2 * BYTES_AN_EVENT
