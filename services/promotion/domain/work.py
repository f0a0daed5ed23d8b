"""What somebody's credits come to: figures that any track may look at, and no list of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeAlias

from rpds import HashTrieMap

from services.promotion.domain.tally import BYTES_A_DAY, LONGEST_DAYS, NOTHING, Tally
from shared.contracts.member import OutcomeTakenBack, ReportCredited
from shared.contracts.place import common_region

BYTES_A_CODE = 350
Tallies: TypeAlias = "HashTrieMap[str, Tally]"


@dataclass(frozen=True, slots=True)
class Work:
    """Of credits by day, and by sector, place and confirmer; of refutations and findings by day.

    What one credit adds, taking it back takes away: nothing here depends on the order.
    """

    credits: Tally = NOTHING
    refutations: Tally = NOTHING
    sectors: Tallies = field(default_factory=HashTrieMap)
    places: Tallies = field(default_factory=HashTrieMap)
    confirmers: Tallies = field(default_factory=HashTrieMap)
    findings: Tally = NOTHING

    @property
    def held_bytes(self) -> int:
        """What it takes in memory, by an estimate: for each sector, place and confirmer, and for
        their days."""
        codes = len(self.sectors) + len(self.places) + len(self.confirmers)
        days = min(self.credits.total * 3, codes * LONGEST_DAYS)
        return codes * BYTES_A_CODE + (days + self._own_days) * BYTES_A_DAY

    @property
    def _own_days(self) -> int:
        return self.credits.number_of_days + self.findings.number_of_days

    @property
    def region(self) -> str:
        """The smallest place that holds them all."""
        return common_region(sorted(filter(None, self.places)))

    @property
    def newest(self) -> date | None:
        """The day of the newest credit."""
        day = self.credits.last_day
        return date.fromordinal(day) if day else None

    def credited(self, event: ReportCredited) -> "Work":
        day = event.on.toordinal()
        return replace(
            self,
            credits=self.credits.with_one(day),
            sectors=_with_one(self.sectors, event.sector, day),
            places=_with_one(self.places, event.place, day),
            confirmers=_with_one(self.confirmers, event.confirmer, day),
        )

    def found(self, on: date) -> "Work":
        """A finding moves no window and widens no region: those are of reports."""
        return replace(self, findings=self.findings.with_one(on.toordinal()))

    def without(self, event: OutcomeTakenBack) -> "Work":
        """Exactly as if that report had never been settled."""
        day = event.on.toordinal()
        if event.outcome == "refuted":
            return replace(self, refutations=self.refutations.without_one(day))
        return replace(
            self,
            credits=self.credits.without_one(day),
            sectors=_without_one(self.sectors, event.sector, day),
            places=_without_one(self.places, event.place, day),
            confirmers=_without_one(self.confirmers, event.confirmer, day),
        )

    def refuted(self, on: date) -> "Work":
        return replace(self, refutations=self.refutations.with_one(on.toordinal()))


def _with_one(tallies: Tallies, of: str, day: int) -> Tallies:
    return tallies.insert(of, tallies.get(of, NOTHING).with_one(day, LONGEST_DAYS))


def _without_one(tallies: Tallies, of: str, day: int) -> Tallies:
    left = tallies.get(of, NOTHING).without_one(day)
    if left.total < 0:
        return tallies
    return tallies.insert(of, left) if left.total else tallies.remove(of)


def told(work: Work) -> dict[str, Any]:
    """As JSON can hold it."""
    return {
        "credits": _told(work.credits),
        "refutations": _told(work.refutations),
        "sectors": {of: _told(work.sectors[of]) for of in sorted(work.sectors)},
        "places": {of: _told(work.places[of]) for of in sorted(work.places)},
        "confirmers": {of: _told(work.confirmers[of]) for of in sorted(work.confirmers)},
        "findings": _told(work.findings),
    }


def from_told(said: Mapping[str, Any]) -> Work:
    sectors, places, confirmers = (
        HashTrieMap({of: _from_told(each) for of, each in said[name].items()})
        for name in ("sectors", "places", "confirmers")
    )
    return Work(
        credits=_from_told(said["credits"]),
        refutations=_from_told(said["refutations"]),
        sectors=sectors,
        places=places,
        confirmers=confirmers,
        findings=_from_told(said["findings"]),
    )


def _told(tally: Tally) -> list[Any]:
    return [tally.total, tally.days.hex()]


def _from_told(said: list[Any]) -> Tally:
    return Tally(said[0], bytes.fromhex(said[1]))
