"""A batch with too many messages is refused before any of them is looked at: of 2 MB that were a
million numbers intake answered nobody for half a minute, and took 2 GB."""

import pytest

from shared.eventsourcing.inbox import over_http
from shared.eventsourcing.inbox.over_http import MOST_AT_ONCE, TooManyError, read_batch


@pytest.mark.parametrize("each", [b"1", b"{}", b"[]"])
def test_none_of_too_many_is_looked_at(each: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[object] = []
    monkeypatch.setattr(over_http, "_of_envelope", looked_at.append)
    with pytest.raises(TooManyError):
        read_batch(b"[" + b",".join([each] * (MOST_AT_ONCE + 1)) + b"]")
    assert not looked_at


def test_as_many_as_the_log_takes_are_each_answered() -> None:
    assert len(read_batch(b"[" + b",".join([b"1"] * MOST_AT_ONCE) + b"]")) == MOST_AT_ONCE
