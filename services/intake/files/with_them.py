"""What a checker let be shown is taken back once they are erased."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.pictures_passed import TakePictureBack
from shared.contracts.actor import suite
from shared.contracts.finding_shown import PicturePassed
from shared.contracts.identity import command_id
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope

WHY = "Who took it was erased."


@dataclass(frozen=True)
class WithThem:
    """The same command however often it is asked for."""

    handler: CommandHandler
    now: Callable[[], datetime]

    async def __call__(self, passed: PicturePassed) -> None:
        """Raises DomainError, TryLaterError."""
        which = passed.check_id, passed.checking_id, passed.digest
        command = TakePictureBack(*which, None, WHY, self.now())
        origin = command_id("picture of who was erased", passed.picture)
        actor = suite("loop", "public-files")
        envelope = Envelope(command, id=origin, correlation_id=origin, actor=actor)
        await self.handler.carry_out(envelope)
