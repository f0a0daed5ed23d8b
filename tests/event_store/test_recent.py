"""What is kept at hand for followers is bounded, whatever is in it."""

from shared.eventsourcing.projections.decoding import Decoded
from shared.eventsourcing.projections.recent import MESSAGES_KEPT, Batch, Recent


def test_batches_without_a_readable_event_are_not_kept_for_ever() -> None:
    recent = Recent()
    recent.wanted = True
    for after in range(2 * MESSAGES_KEPT):
        recent.note(Batch(after, Decoded([], []), after + 1))
    assert len(recent.batches) == MESSAGES_KEPT
    assert recent.since(0) == MESSAGES_KEPT
