"""What somebody says of a correspondent's beat, as a command to it."""

from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.beat import (
    AccreditCorrespondent,
    BeatCommand,
    EndBeat,
    HandOverBeat,
    RestBeat,
    ResumeBeat,
)
from services.intake.rhythm import day_in
from shared.contracts.beat import BeatAccredited
from shared.contracts.identity import beat_id
from shared.contracts.inbox import (
    CorrespondentAccredited,
    CorrespondentEnded,
    CorrespondentReplaced,
    CorrespondentRested,
    CorrespondentResumed,
    OfBeat,
)


@dataclass(frozen=True)
class BeatRules:
    """The charter's: in which zone days are, and how often something is expected where nobody says
    how often."""

    zone: str = "UTC"
    rhythm_days: int = 14

    def command(
        self, said: OfBeat, source: str, who: str, successor: str, now: datetime
    ) -> BeatCommand:
        """`who` and `successor` are persons by our ids. Nobody is accredited for days that are
        over: they would be silent before they were told."""
        beat = beat_id(who, said.place, said.sector)
        match said:
            case CorrespondentAccredited():
                today = day_in(self.zone, now)
                accredited = BeatAccredited(
                    beat_id=beat,
                    correspondent=who,
                    place=said.place,
                    sector=said.sector,
                    source=source,
                    zone=self.zone,
                    rhythm_days=said.rhythm_days or self.rhythm_days,
                    since=max(said.since or today, today),
                )
                return AccreditCorrespondent(accredited, today)
            case CorrespondentRested():
                return RestBeat(beat, said.from_day, said.until_day)
            case CorrespondentResumed():
                return ResumeBeat(beat, now)
            case CorrespondentReplaced():
                return HandOverBeat(beat, successor, now)
            case CorrespondentEnded():
                return EndBeat(beat, now)
