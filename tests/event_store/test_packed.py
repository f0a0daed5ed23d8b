"""What is packed answers like what is not."""

from hypothesis import given
from hypothesis import strategies as st

from shared.eventsourcing.packed import Ids
from shared.eventsourcing.recorded import Earlier, Recorded

IDS = st.text(max_size=3) | st.integers(0, 40).map("{:032x}".format)


@given(st.lists(st.lists(IDS, max_size=8), max_size=4), st.lists(IDS, max_size=8))
def test_ids_packed_between_are_the_same_set(rounds: list[list[str]], others: list[str]) -> None:
    ids, plain = Ids(), set[str]()
    for added in rounds:
        for each in added:
            ids = ids.insert(each)
            plain.add(each)
        ids = Ids.unpack(ids.pack())
    assert len(ids) == len(plain)
    assert all((each in ids) == (each in plain) for each in [*plain, *others])


EVENTS = st.dictionaries(IDS, st.tuples(st.integers(1, 2**53), st.sampled_from(["", "A/1", "B/2"])))


@given(EVENTS, EVENTS, IDS, st.sampled_from(["", "A/1", "B/2"]))
def test_events_packed_and_newer_are_found_alike(
    packed: dict[str, tuple[int, str]], newer: dict[str, tuple[int, str]], asked: str, cause: str
) -> None:
    recorded = Recorded()
    for event_id, (sequence, led_to) in packed.items():
        recorded.add(event_id, sequence, led_to)
    recorded = Recorded(recorded.pack())
    for event_id, (sequence, led_to) in newer.items():
        recorded.add(event_id, sequence, led_to)
    everything = packed | newer
    for event_id in [*everything, asked]:
        known = everything.get(event_id)
        expected = Earlier(known[0], known[1] == cause) if known else None
        assert recorded.find(event_id, cause) == expected
        assert (event_id in recorded) == (known is not None)
