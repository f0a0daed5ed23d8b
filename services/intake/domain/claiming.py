"""A claim of done by whoever owns a commitment, or had it when it was done."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.intake.domain.check_state import Opened
from services.intake.domain.check_told import overdue, told_of
from services.intake.domain.claim_checked import asked
from services.intake.domain.handing_over import had_it
from shared.contracts.check import CheckEvent, DoneClaimed, OverdueWithdrawn
from shared.contracts.checking import CheckingTerms
from shared.contracts.values import Id, Line, UtcInstant


@dataclass(frozen=True, slots=True)
class ClaimDone:
    """`names` are others by which its owner is known. It was said at `came_at`, if that was before
    `now`: an inbox may have stood still."""

    check_id: Id
    owner: Line
    done_at: UtcInstant
    now: UtcInstant
    names: tuple[Line, ...] = ()
    came_at: UtcInstant | None = None


def may_claim(command: ClaimDone, done_at: datetime, check: Opened) -> bool:
    """Also who had it when it was done, and has handed it over since; not for a moment before the
    claim that was refuted, when they perhaps had it."""
    names = command.owner, *command.names
    return check.owner in names or had_it(names, done_at, check.held)


def claimed(
    command: ClaimDone, done_at: datetime, check: Opened, terms: CheckingTerms | None
) -> list[CheckEvent]:
    """A claim from after the due date proves by itself that the date passed. One from before takes
    back what a sweep has raised meanwhile; where it is to be checked, not before it is upheld, and
    takes effect now. One from a clock a little ahead of ours counts as of now: nothing is late
    before it is."""
    check_id, now = command.check_id, command.now
    told = told_of(check_id, check)
    more = {name: getattr(check, name) for name in ("source", "source_id", "task", "report_id")}
    asks = asked(told, terms, more | {"claimed_at": done_at})
    said_at, came_at = None, min(command.came_at or now, now)
    if asks and done_at <= check.due_at < came_at and not check.clock.paused_at:
        done_at, said_at = now, done_at
    late = replace(check, done_at=done_at).late
    claimed = DoneClaimed(**told, done_at=done_at, late=late, said_at=said_at)
    if late and not check.overdue:
        return [overdue(check_id, check), claimed, *asks]
    if not late and check.overdue:
        withdrawn = OverdueWithdrawn(**told, done_at=done_at)
        return [claimed, withdrawn, *asks]
    return [claimed, *asks]
