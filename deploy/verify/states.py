"""Where each aggregate stands, as far as its log was read: the newest in memory, all in a file."""

import pickle
from collections.abc import Sequence
from typing import Any, NamedTuple

from deploy.verify.scratch import Scratch
from shared.eventsourcing.decider import Category
from shared.eventsourcing.event_store import AggregateKey

MOST_BYTES = 128 * 1024 * 1024
MARKS = 4 * 1024 * 1024
"""Bytes that say of what may have been put aside: most that is met first never was."""
BYTES_EACH, BYTES_AN_EVENT = 1_100, 150
"""By estimate, and rather too many: what one aggregate takes goes with its events."""


class Standing(NamedTuple):
    """`is_sound` if all its events could be read, came one after the other and fold."""

    revision: int
    state: Any
    is_sound: bool = True


class States:
    """What was folded last stays in memory, up to `MOST_BYTES`; the oldest half makes room."""

    def __init__(self, scratch: Scratch, categories: Sequence[Category]) -> None:
        self._scratch = scratch
        self._categories = {(each.service, each.name): each for each in categories}
        self._here: dict[AggregateKey, Standing] = {}
        self._aside = bytearray(MARKS)
        self._bytes = 0

    def category(self, key: AggregateKey) -> Category | None:
        return self._categories.get((key.service, key.category))

    def of(self, key: AggregateKey) -> Standing:
        """Of a known category."""
        if key in self._here:
            return self._here[key]
        category = self._categories[key.service, key.category]
        kept = self._scratch.state(key) if self._aside[hash(key) % MARKS] else None
        if kept is None:
            return Standing(0, category.decider.initial_state)
        revision, is_sound, dumped = kept
        state = category.kept.load(dumped) if category.kept else pickle.loads(dumped)  # noqa: S301  we wrote it  # nosec B301
        return Standing(revision, state, bool(is_sound))

    def put(self, key: AggregateKey, standing: Standing) -> None:
        before = self._here.pop(key, None)
        self._here[key] = standing
        self._bytes += _bytes(standing) - (_bytes(before) if before else 0)
        if self._bytes > MOST_BYTES:
            self._make_room(MOST_BYTES // 2)

    def put_all_aside(self) -> None:
        """For another process, which takes in what is in the scratch."""
        self._make_room(0)

    def have_come_in(self) -> None:
        """Another process has put some aside that it alone knows of."""
        self._aside = bytearray(b"\1") * MARKS

    def _make_room(self, left: int) -> None:
        going = []
        for key, standing in self._here.items():
            if self._bytes <= left:
                break
            self._bytes -= _bytes(standing)
            going.append((key, standing))
        for key, _ in going:
            del self._here[key]
            self._aside[hash(key) % MARKS] = 1
        self._scratch.keep_states(
            (*key, standing.revision, standing.is_sound, self._dumped(key, standing.state))
            for key, standing in sorted(going, key=lambda each: each[0])
        )

    def _dumped(self, key: AggregateKey, state: Any) -> bytes:
        kept = self._categories[key.service, key.category].kept
        return kept.dump(state) if kept else pickle.dumps(state)


def _bytes(standing: Standing) -> int:
    return BYTES_EACH + standing.revision * BYTES_AN_EVENT
