"""What a checker found, weighed with what others did."""

from dataclasses import dataclass
from datetime import timedelta

from services.intake.domain.checking_closing import verdict_of
from services.intake.domain.checking_state import Open, Seat, changed
from services.intake.domain.finding_pictures import pictured
from shared.contracts.attachment import Attached
from shared.contracts.checking import (
    CheckDisputed,
    CheckingEvent,
    FindingConflicted,
    FindingGiven,
    FindingPointed,
    Verdict,
)
from shared.contracts.values import CLOCKS_DIFFER_BY, Id, Place, Prose, UtcInstant
from shared.eventsourcing.errors import DomainError

HALF_A_DAY = timedelta(hours=12)
"""Who types a day says noon of it, also of one on which it was claimed in the evening."""


@dataclass(frozen=True, slots=True)
class GiveFinding:
    """`rests_on` is the state of the checking that the member had before them. Where it has gone on
    since, it is kept as a conflict once that is `confirmed`. `pictures` were uploaded for it, and
    `may_be_shown` by an editor if the member says so; `point` is rounded."""

    checking_id: Id
    member_id: Id
    verdict: Verdict
    words: Prose
    seen_at_place: Place
    seen_at: UtcInstant
    rests_on: int
    now: UtcInstant
    confirmed: bool = True
    pictures: tuple[Attached, ...] = ()
    point: str = ""
    may_be_shown: bool = False


class NotAcceptedError(DomainError):
    pass


class FoundBeforeError(DomainError):
    pass


class NotYetSeenError(DomainError):
    pass


class SeenBeforeError(DomainError):
    pass


class MovedOnError(DomainError):
    """The checking stands at another state by now than the finding rests on."""


def finding_given(command: GiveFinding, checking: Open, seat: Seat) -> list[CheckingEvent]:
    """On an old state, or after their time, it is kept as a conflict, and nothing is lost."""
    if command.seen_at > command.now + CLOCKS_DIFFER_BY:
        raise NotYetSeenError("It is said to be seen at a time that has not come yet.")
    if command.seen_at < checking.opened.claimed_at - HALF_A_DAY - CLOCKS_DIFFER_BY:
        raise SeenBeforeError("It is said to be seen before it was claimed to be done.")
    said = {
        "stage": seat.stage,
        "member_id": command.member_id,
        "verdict": command.verdict,
        "words": command.words,
        "seen_at_place": command.seen_at_place,
        "seen_at": min(command.seen_at, command.now),
        "rests_on": command.rests_on,
        "given_at": command.now,
    }
    common = checking.common
    if seat.state == "found":
        if seat.verdict == command.verdict:
            return []
        raise FoundBeforeError("Your finding stands; it is given once.")
    if seat.state == "asked":
        raise NotAcceptedError("Say first that you will do it.")
    is_old = command.rests_on != checking.state or checking.verdict is not None
    if is_old or seat.state == "gone" or seat.stage != checking.stage:
        if command.member_id in checking.kept:
            return []
        if not command.confirmed:
            raise MovedOnError("It has gone on since.")
        conflicted = FindingConflicted(**common, **said, stands_at=checking.state)
        return [conflicted, *_with_it(command, checking)]
    given = FindingGiven(**common, **said)
    after = changed(checking, given)
    return [given, *_with_it(command, checking), *_weighed(after, command.now)]


def _with_it(command: GiveFinding, checking: Open) -> list[CheckingEvent]:
    who, now = command.member_id, command.now
    may = command.may_be_shown
    pictures = pictured(checking.common, who, command.pictures, now, may_be_shown=may)
    if not command.point:
        return [*pictures]
    common = checking.common | {"member_id": who}
    return [*pictures, FindingPointed(**common, point=command.point, pointed_at=now)]


def _weighed(checking: Open, now: UtcInstant) -> list[CheckingEvent]:
    found = checking.found()
    if found and max(found.values()) >= checking.terms.agree:
        return verdict_of(checking, found.most_common(1)[0][0], now)
    if len(found) > 1 and not checking.disputed:
        common = checking.common
        return [CheckDisputed(**common, stage=checking.stage, disputed_at=now)]
    return []
