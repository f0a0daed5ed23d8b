"""What of a check a later decision needs, and how events change it."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from services.intake.domain.appeal import NO_APPEALS, Appeals
from services.intake.domain.claim_state import UNCHECKED, Checked, ClaimEvent, done_after
from services.intake.domain.clock_state import Clock, started, ticked
from services.intake.domain.handing_over import Held
from services.intake.domain.pictures_passed import Pictures, pictures_after
from services.intake.domain.shield import NO_SHIELD, SHIELDED, Shield
from shared.contracts.check import (
    CheckEvent,
    CheckOpened,
    CheckOverdue,
    CheckShielded,
    CheckWithdrawn,
    CheckWordsPassed,
    OverdueWithdrawn,
    ShieldLifted,
)
from shared.contracts.clock import CheckResumed, DueDateMoved
from shared.contracts.handing_over import CheckHandedOver


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class Opened:
    """`confidential` as its source said. Once it is `withdrawn`, what follows is confidential: its
    owner and task are; so it is as long as its `shield` holds. Until they are `passed` these are
    public in nothing. Others `held` it before its owner did."""

    source: str
    source_id: str
    place: str
    sector: str
    confidential: bool
    owner: str
    task: str
    due_at: datetime
    clock: Clock
    overdue: bool = False
    done_at: datetime | None = None
    withdrawn: bool = False
    passed: bool = False
    shield: Shield = NO_SHIELD
    report_id: str | None = None
    checked: Checked = UNCHECKED
    appeals: Appeals = NO_APPEALS
    held: tuple[Held, ...] = ()
    pictures: Pictures = field(default_factory=dict)

    @property
    def done(self) -> bool:
        return self.done_at is not None

    @property
    def over(self) -> bool:
        """Done, or what was left of it goes on as another."""
        return self.done or self.checked.halved

    @property
    def late(self) -> bool:
        """Done after it was due; while its clock is paused it is not due."""
        return bool(self.done_at and self.done_at > self.due_at and not self.clock.paused_at)

    @property
    def hidden(self) -> bool:
        return self.confidential or self.shield.holds


Check = Unknown | Opened


def _ticked(check: Opened, event: CheckEvent) -> Opened:
    clock, appeals = ticked(check.clock, event), check.appeals.after(event)
    pictures = pictures_after(check.pictures, event)
    if clock is check.clock and appeals is check.appeals and pictures is check.pictures:
        return check
    return replace(check, clock=clock, appeals=appeals, pictures=pictures)


def evolve(check: Check, event: CheckEvent) -> Check:
    if isinstance(check, Opened):
        check = _ticked(check, event)
    if isinstance(check, Opened) and isinstance(event, ClaimEvent):
        done_at = done_after(event, check.done_at)
        return replace(check, done_at=done_at, checked=check.checked.after(event))
    match event, check:
        case CheckOpened(), _:
            return Opened(
                event.source,
                event.source_id,
                event.place,
                event.sector,
                event.confidential and not event.shielded,
                event.owner,
                event.task,
                event.due_at,
                started(event),
                passed=event.passed,
                shield=SHIELDED if event.shielded else NO_SHIELD,
                report_id=event.report_id,
            )
        case ((CheckOverdue() | OverdueWithdrawn()), Opened()):
            return replace(check, overdue=isinstance(event, CheckOverdue))
        case CheckHandedOver(), Opened():
            held = (*check.held, Held(event.owner, event.handed_over_at))
            return replace(check, owner=event.to, passed=event.told, held=held)
        case CheckWithdrawn(), Opened():
            return replace(check, withdrawn=True)
        case CheckWordsPassed(), Opened():
            return replace(check, passed=True)
        case CheckShielded(), Opened():
            return replace(check, shield=SHIELDED)
        case ShieldLifted(), Opened():
            return replace(check, shield=replace(check.shield, lifted=True))
        case ((CheckResumed() | DueDateMoved()), Opened()):
            return replace(check, due_at=event.due_at)
        case _:
            return check
