"""Which messages of an inbox are our own: those whose sequences it acknowledged to us."""

from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from deploy.feeding.sending import Stored
from shared.contracts.receipt import Accepted, Refused


@dataclass
class Doubt:
    """A batch that was sent again because an acknowledgement got lost: a copy of it may lie
    behind `after` and before `until`. `waiting` are those it would stand for, by their ids."""

    after: int
    until: int
    ids: Sequence[tuple[str, int]]
    waiting: dict[str, deque[int]] = field(default_factory=dict)

    def begin(self) -> None:
        self.waiting = defaultdict(deque)
        for ce_id, sequence in self.ids:
            self.waiting[ce_id].append(sequence)


class Own:
    """Whoever else sends the same events has other sequences. `last` is that of our newest, at
    first of what lay there before us. In constant memory, where nobody else sends."""

    def __init__(self, before: int) -> None:
        self.last = before
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        self._doubts: list[Doubt] = []
        self._copied: set[int] = set()

    def __bool__(self) -> bool:
        return bool(self._firsts)

    def may_hold(self, sequence: int) -> bool:
        """Whether it is ours, or a copy of what is."""
        return self._is_own(sequence) or any(d.after < sequence < d.until for d in self._doubts)

    def add(self, stored: Stored, ids: Iterable[str]) -> None:
        """What was stored last; `ids` are those of its messages."""
        if stored.is_doubtful:
            sequences = range(stored.first, stored.last + 1)
            doubt = Doubt(self.last, stored.first, [*zip(ids, sequences, strict=True)])
            doubt.begin()
            self._doubts.append(doubt)
        if self._lasts and self._lasts[-1] == stored.first - 1:
            self._lasts[-1] = stored.last
        else:
            self._firsts.append(stored.first)
            self._lasts.append(stored.last)
        self.last = stored.last

    def begin_again(self) -> None:
        """All receipts are gone through again."""
        self._copied.clear()
        for doubt in self._doubts:
            doubt.begin()

    def holds(self, receipt: Accepted | Refused) -> bool:
        """Asked once of each: of two copies the one counts that is answered first."""
        sequence = receipt.inbox_sequence
        if self._is_own(sequence):
            return sequence not in self._copied
        for doubt in self._doubts:
            of = doubt.waiting.get(receipt.ce_id or "")
            if of and doubt.after < sequence < doubt.until:
                self._copied.add(of.popleft())
                return True
        return False

    def _is_own(self, sequence: int) -> bool:
        at = bisect_right(self._firsts, sequence) - 1
        return at >= 0 and sequence <= self._lasts[at]
