"""What a later decision about a bulletin has to know of it."""

from dataclasses import dataclass, replace
from typing import Literal

from shared.contracts.bulletin import (
    BulletinCalled,
    BulletinComposed,
    BulletinCorrected,
    BulletinEvent,
    BulletinIssued,
    BulletinReviewed,
    BulletinWithdrawn,
)

Stage = Literal["unknown", "called", "composed", "reviewed", "issued", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Bulletin:
    """`composed` is what was composed last, `reader` who read that; `issued` the edition that
    readers see, 0 for none."""

    stage: Stage = "unknown"
    called: BulletinCalled | None = None
    composed: BulletinComposed | None = None
    reader: str | None = None
    issued: int = 0

    @property
    def edition(self) -> int:
        return self.composed.edition if self.composed else 0


def evolve(bulletin: Bulletin, event: BulletinEvent) -> Bulletin:
    match event:
        case BulletinCalled():
            return replace(bulletin, stage="called", called=event)
        case BulletinComposed():
            return replace(bulletin, stage="composed", composed=event, reader=None)
        case BulletinReviewed(by=by):
            return replace(bulletin, stage="reviewed", reader=by)
        case BulletinIssued(edition=edition) | BulletinCorrected(edition=edition):
            return replace(bulletin, stage="issued", issued=edition)
        case BulletinWithdrawn():
            return replace(bulletin, stage="withdrawn")
        case _:
            return bulletin
