"""A member's state: only what a later decision needs; and how it is kept beside the log."""

import json
from dataclasses import dataclass, field

from services.promotion.domain.settled import Settled
from services.promotion.domain.track import Record, all_of
from services.promotion.domain.work import Work, from_told, told
from shared.contracts.proof import OF_NONE

BYTES_A_SETTLEMENT = 21
"""Packed, besides its id."""


@dataclass(frozen=True, slots=True)
class Member:
    """Figures, not histories: a member may live through a hundred thousand reports.

    `settled` are the reports that count already; `digest` is that of the events that earned the
    credits; `confidential` and `protected` if any of the reports is, or was until it was taken
    back.
    """

    work: Work = field(default_factory=Work)
    settled: Settled = field(default_factory=Settled)
    digest: str = OF_NONE
    qualified: frozenset[str] = frozenset()
    confidential: bool = False
    protected: bool = False

    @property
    def held_bytes(self) -> int:
        return self.work.held_bytes + len(self.settled) * BYTES_A_SETTLEMENT

    @property
    def record(self) -> Record:
        return all_of(self.work)


def dump(member: Member) -> bytes:
    """The settled reports packed, behind a line with everything else."""
    head = {
        "work": told(member.work),
        "digest": member.digest,
        "qualified": sorted(member.qualified),
        "confidential": member.confidential,
        "protected": member.protected,
    }
    return json.dumps(head).encode() + b"\n" + member.settled.pack()


def load(kept: bytes) -> Member:
    line, _, settled = kept.partition(b"\n")
    head = json.loads(line)
    head["work"] = from_told(head["work"])
    head["qualified"] = frozenset(head["qualified"])
    return Member(**head, settled=Settled.unpack(settled))
