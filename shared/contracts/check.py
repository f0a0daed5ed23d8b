"""The events of one check, the control of one commitment; only intake writes them."""

from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.reckoning import Reckoning
from shared.contracts.roles import Role
from shared.contracts.values import Id, Instant, Line, Sector, SourceCode, SourceId, Tier, Truth

OF_THE_BODY = "the-body"
"""What no source said and no report led to, but the body's own people wrote down."""


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


class LaterCheckEvent(CheckEvent):
    """`lifted` once an editor has lifted the shield of a confidential report: from then on it has
    another public id, for what was public before stays taken back. Before there were shields
    nothing was lifted."""

    lifted: Truth = False


class CheckOpened(ToldCheckEvent):
    """`report_id` is the report that led to the commitment, if one did. It is `shielded` where it
    is confidential for that report alone, whatever its source said; version 2 knew nothing of that.
    `reckoning` is how `due_at` follows from a rule of the charter; before version 4 none did."""

    version: ClassVar[int] = 4

    shielded: Truth = False
    source: SourceCode
    source_id: SourceId
    report_id: Id | None
    task: Line
    opened_at: Instant
    reckoning: Reckoning | None = None


class DoneClaimed(ToldCheckEvent, LaterCheckEvent):
    """The owner says that it is done; `late` when that took effect after `due_at`. What was said
    only after `due_at` of a moment before it, `said_at`, takes effect when it is said, where claims
    are checked: and for `said_at` once it is upheld. Before version 4 it did at once."""

    version: ClassVar[int] = 4

    done_at: Instant
    late: Truth
    said_at: Instant | None = None


class CheckOverdue(ToldCheckEvent, LaterCheckEvent):
    """The due date passed without a claim of done. Before version 4 there was the first tier alone,
    which is the owner's; further ones are passed up to `to`, as since `over_since` a term of the
    charter is over as well."""

    version: ClassVar[int] = 4

    task: Line
    tier: Tier = 1
    to: Line | None = None
    over_since: Instant | None = None


class OverdueWithdrawn(ToldCheckEvent, LaterCheckEvent):
    """It had been done in time after all; we only learned of it later."""

    version: ClassVar[int] = 3

    done_at: Instant


class CheckWordsPassed(LaterCheckEvent):
    """An editor lets owner and task be public; the task is from when it is `overdue`, as ever.
    `reason` is not public."""

    version: ClassVar[int] = 2

    task: Line
    overdue: Truth
    role: Role
    reason: Line
    passed_at: Instant


class CheckWithdrawn(LaterCheckEvent):
    """An editor takes back what was public of it; nothing that follows is public. `reason` is."""

    version: ClassVar[int] = 2

    role: Role
    reason: Line
    withdrawn_at: Instant


class CheckReportAwaited(CheckEvent):
    """The report that led to it was not filed yet, so nobody knows whether it is confidential."""

    report_id: Id


class CheckShielded(CheckEvent):
    """It was opened before its report was filed, and that is confidential: so is the check from now
    on, and what was public of it is taken back."""

    source: SourceCode
    task: Line
    shielded_at: Instant


class ShieldLifted(ToldCheckEvent, LaterCheckEvent):
    """An editor lets it be public though its report is confidential. `reason` is not public."""

    version: ClassVar[int] = 1

    source: SourceCode
    task: Line
    role: Role
    reason: Line
    lifted_at: Instant


class OverdueTold(ToldCheckEvent, LaterCheckEvent):
    """It had fallen due before its shield was lifted, and may be told of by now."""

    version: ClassVar[int] = 1

    task: Line


class DoneTold(ToldCheckEvent, LaterCheckEvent):
    """It had been done before its shield was lifted, which may be told by now."""

    version: ClassVar[int] = 1

    done_at: Instant
    late: Truth
