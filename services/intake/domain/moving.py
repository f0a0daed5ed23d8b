"""To when a due date moves: by what was waited, or by another rule or almanac."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.intake.domain.almanac import Almanac
from services.intake.domain.due import (
    EVERY_DAY,
    Due,
    DueRules,
    NoRuleError,
    Rule,
    TooLateError,
    end_of,
    reckoned,
)
from shared.contracts.reckoning import Reckoning
from shared.contracts.values import LATEST
from shared.eventsourcing.errors import DomainError


class TooFarError(DomainError):
    pass


@dataclass(frozen=True)
class Recounted(Due):
    why: str = ""


def moved_by_what_was_waited(
    due_at: datetime,
    reckoning: Reckoning | None,
    paused_at: datetime,
    resumed_at: datetime,
    almanac: Almanac,
) -> Due:
    """What was left of the rule's days is counted anew; a day that was given moves by days, and a
    moment by as long as was waited. Raises TooFarError."""
    try:
        if reckoning is None:
            return Due(_shifted(due_at, paused_at, resumed_at, almanac))
        left = reckoning.left_after(paused_at.astimezone(ZoneInfo(reckoning.zone)).date())
        return _counted(reckoning, left, resumed_at, almanac)
    except TooLateError:
        raise TooFarError("It would be due after the year 2999.") from None


def _shifted(
    due_at: datetime, paused_at: datetime, resumed_at: datetime, almanac: Almanac
) -> datetime:
    due_day, paused_day, resumed_day = (
        each.astimezone(almanac.zone).date() for each in (due_at, paused_at, resumed_at)
    )
    if due_at == end_of(due_day, almanac):
        return end_of(due_day + (resumed_day - paused_day), almanac)
    if LATEST - due_at < (waited := resumed_at - paused_at):
        raise TooLateError
    return due_at + waited


def _counted(by: Reckoning, days: int, since: datetime, almanac: Almanac) -> Due:
    """Where none are left it is the day itself, or the next one that is worked."""
    counted = by.counted if days else EVERY_DAY
    rule = Rule(by.rule, by.rule_version, days, counted)
    reckoning = reckoned(rule, almanac, since.astimezone(almanac.zone).date())
    return Due(end_of(reckoning.due_day, almanac), reckoning)


def recounted(
    by: Reckoning,
    since: datetime,
    rules: DueRules,
    about: tuple[str, str, str],
    *,
    anew: bool,
) -> Recounted | None:
    """As the charter says now, of place, sector and owner; what was counted `anew` after a pause
    keeps its days. None where no rule is for it any more, or it was counted so already."""
    almanac = rules.almanac(about[0])
    try:
        due = _counted(by, by.days, since, almanac) if anew else rules.after(*about, since)
    except (NoRuleError, TooLateError):
        return None
    found = due.reckoning
    if found is None:
        return None
    if (found.rule, found.rule_version) != (by.rule, by.rule_version):
        return Recounted(due.at, found, f"Rule {found.rule}, version {found.rule_version}")
    if (found.almanac, found.almanac_version) != (by.almanac, by.almanac_version):
        name = found.almanac or "of no place"
        return Recounted(due.at, found, f"Almanac {name}, version {found.almanac_version}")
    return None
