"""Tells the log of erasures that it has lost, for it was put back from a backup of before them."""

from collections.abc import Sequence
from typing import Any

import structlog

from services.intake.domain.person import ErasePerson
from services.intake.domain.protection import EraseReport
from services.intake.domain.report_state import NotFiledError
from shared.contracts.actor import suite
from shared.contracts.identity import command_id
from shared.contracts.person import PersonErased
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.runtime.clock import Clock
from shared.runtime.vault.erased import Erasure

REASON = "It was erased before; the log was put back from before that"
AT_ONCE = 500


class ErasedAgain:
    """Their keys are destroyed already. A report that this log does not know yet is left alone:
    whoever sends it again is known to the vault."""

    def __init__(self, handler: CommandHandler, clock: Clock) -> None:
        self._handler = handler
        self._clock = clock

    async def tell(self, erasures: Sequence[Erasure]) -> None:
        """Raises what keeps one of them from being written down."""
        for start in range(0, len(erasures), AT_ONCE):
            asked = [self._envelope(each) for each in erasures[start : start + AT_ONCE]]
            outcomes = await self._handler.handle(asked)
            for outcome in outcomes:
                if outcome.error and not isinstance(outcome.error, NotFiledError):
                    raise outcome.error
            written = sum(outcome.new_events for outcome in outcomes)
            structlog.get_logger().warning("erased again after a restore", erasures=written)

    def _envelope(self, erasure: Erasure) -> Envelope:
        origin = command_id("erased again", erasure.kind, erasure.id)
        actor = suite("vault", "erased-list")
        return Envelope(self._command(erasure), id=origin, correlation_id=origin, actor=actor)

    def _command(self, erasure: Erasure) -> Any:
        now = self._clock.now()
        if erasure.kind == "report":
            return EraseReport(erasure.id, REASON, now)
        said = {"reason": REASON, "erased_at": now, "may_return": erasure.may_return}
        return ErasePerson(PersonErased(person_id=erasure.id, **said))
