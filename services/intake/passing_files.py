"""Lets pictures of reports be public, and takes them back, for an editor of the charter's staff."""

from dataclasses import dataclass

from services.intake.by_staff import EDITOR, ByStaff
from services.intake.domain.files_passed import OfFiles, PassFile, TakeFileBack
from services.intake.files.keeping import Files
from shared.contracts.values import Id, Line
from shared.eventsourcing.errors import DomainError
from shared.runtime.clock import Clock


class NoPictureError(DomainError):
    """It is a document, or nobody can open it any more."""


@dataclass(frozen=True)
class PassingFiles:
    by_staff: ByStaff
    clock: Clock
    files: Files

    async def passed(self, report_id: Id, digest: Id, who: str, reason: Line) -> bool:
        """Whether anything came of it. Raises DomainError, TryLaterError."""
        self.by_staff.require(who, EDITOR)
        picture = await self.files.public_name(report_id, digest)
        if picture is None:
            raise NoPictureError("Only pictures are shown to all.")
        now = self.clock.now()
        return await self._done(PassFile(report_id, digest, picture, EDITOR, reason, now), who)

    async def taken_back(self, report_id: Id, digest: Id, who: str, reason: Line) -> bool:
        """Whether anything came of it. Raises DomainError, TryLaterError."""
        self.by_staff.require(who, EDITOR)
        now = self.clock.now()
        return await self._done(TakeFileBack(report_id, digest, EDITOR, reason, now), who)

    async def _done(self, command: OfFiles, who: str) -> bool:
        outcome = await self.by_staff.carry_out(command, EDITOR, who)
        return not outcome.duplicate
