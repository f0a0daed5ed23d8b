"""A member's state: only what a later decision needs; and how it is kept beside the log."""

import json
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from services.promotion.domain.held import Held, Helds
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
    credits; `held` are the qualifications by track; `confidential` and `protected` if any of the
    reports is, or was until it was taken back.
    """

    work: Work = field(default_factory=Work)
    settled: Settled = field(default_factory=Settled)
    digest: str = OF_NONE
    held: Helds = field(default_factory=dict)
    confidential: bool = False
    protected: bool = False

    @property
    def qualified(self) -> AbstractSet[str]:
        return self.held.keys()

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
        "held": {track: _told(member.held[track]) for track in sorted(member.held)},
        "confidential": member.confidential,
        "protected": member.protected,
    }
    return json.dumps(head).encode() + b"\n" + member.settled.pack()


def load(kept: bytes) -> Member:
    line, _, settled = kept.partition(b"\n")
    head = json.loads(line)
    head["work"] = from_told(head["work"])
    head["held"] = {track: _from_told(each) for track, each in head["held"].items()}
    return Member(**head, settled=Settled.unpack(settled))


def _told(one: Held) -> list[Any]:
    return [each.isoformat() if isinstance(each, date) else each for each in one]


def _from_told(said: list[Any]) -> Held:
    place, version, *days = said
    return Held(place, version, *(each and date.fromisoformat(each) for each in days))
