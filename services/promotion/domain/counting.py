"""Which of somebody's credits count for a track, one by one, and why others don't."""

from collections import Counter
from typing import Literal

from services.promotion.domain.track import Track
from services.promotion.domain.weighing import looks_back
from services.promotion.domain.work import Work
from shared.contracts.member import FindingCredited, RefutationNoted, ReportCredited

Counts = Literal[
    "counts",
    "counts against",
    "before the window",
    "is not asked for",
    "one too many of its day",
    "one too many of its confirmer",
]


class Counting:
    """`work` is all of it; the credits are asked about in the order of the log."""

    def __init__(self, track: Track, work: Work) -> None:
        self._track = track
        self._since = looks_back(track.weights, work)
        self._of_day, self._of_confirmer = Counter[int](), Counter[str]()

    def of(self, credited: ReportCredited) -> Counts:
        """What is one too many of a day or a confirmer is told by number: which of them is too many
        makes no difference to the figure."""
        day, track = credited.on.toordinal(), self._track
        if day < self._since:
            return "before the window"
        self._of_day[day] += 1
        if track.most_per_day and self._of_day[day] > track.most_per_day:
            return "one too many of its day"
        self._of_confirmer[credited.confirmer] += 1
        most = track.most_per_confirmer
        if most and not track.half_life_days and self._of_confirmer[credited.confirmer] > most:
            return "one too many of its confirmer"
        return "counts"

    def of_finding(self, credited: FindingCredited) -> Counts:
        if not self._track.findings:
            return "is not asked for"
        return "before the window" if credited.on.toordinal() < self._since else "counts"

    def of_refutation(self, noted: RefutationNoted) -> Counts:
        is_before = noted.on.toordinal() < self._since
        return "before the window" if is_before else "counts against"
