"""The events of one check, the control of one commitment; only intake writes them."""

from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.roles import Role
from shared.contracts.values import Id, Instant, Line, Sector, SourceCode, SourceId, Truth


class CheckEvent(Event):
    service: ClassVar[str] = "intake"
    aggregate: ClassVar[str] = "check"
    key: ClassVar[str] = "check_id"

    check_id: Id
    sector: Sector
    owner: Line
    due_at: Instant
    confidential: Truth


class ToldCheckEvent(CheckEvent):
    """`passed` where owner and task may be public: an editor has passed them, or their source is
    trusted with it. Version 1 knew nothing of that, and they went out at once."""

    version: ClassVar[int] = 2

    passed: Truth = False


class CheckOpened(ToldCheckEvent):
    """`report_id` is the report that led to the commitment, if one did."""

    source: SourceCode
    source_id: SourceId
    report_id: Id | None
    task: Line
    opened_at: Instant


class DoneClaimed(ToldCheckEvent):
    """The owner says that it is done; `late` when that took effect after `due_at`."""

    done_at: Instant
    late: Truth


class CheckOverdue(ToldCheckEvent):
    """The due date passed without a claim of done."""

    task: Line


class OverdueWithdrawn(ToldCheckEvent):
    """It had been done in time after all; we only learned of it later."""

    done_at: Instant


class CheckWordsPassed(CheckEvent):
    """An editor lets owner and task be public; the task is from when it is `overdue`, as ever.
    `reason` is not public."""

    task: Line
    overdue: Truth
    role: Role
    reason: Line
    passed_at: Instant


class CheckWithdrawn(CheckEvent):
    """An editor takes back what was public of it; nothing that follows is public. `reason` is."""

    role: Role
    reason: Line
    withdrawn_at: Instant
