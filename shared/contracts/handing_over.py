"""What owners do about a commitment beside fulfilling it; only intake writes these events."""

from typing import ClassVar

from shared.contracts.check import LaterCheckEvent, ToldCheckEvent
from shared.contracts.values import Count, Instant, Line, SourceCode, Truth


class CheckHandedOver(ToldCheckEvent, LaterCheckEvent):
    """`owner` had it until now, `to` has it from now on, with the due date as it stands and whether
    it is `overdue` already. `passed` is of `owner`; the name of `to` is `told` if it may be public,
    and `reason` is `explained` if that may. It is the first one, or whatever `number` it has."""

    version: ClassVar[int] = 1

    source: SourceCode
    task: Line
    to: Line
    overdue: Truth
    reason: Line
    told: Truth
    explained: Truth
    handed_over_at: Instant
    number: Count
