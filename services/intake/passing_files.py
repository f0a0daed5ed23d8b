"""Lets pictures of reports and of findings be public, and takes them back, for an editor of the
charter's staff."""

from dataclasses import dataclass

from services.intake.by_staff import EDITOR, ByStaff
from services.intake.domain.files_passed import OfFiles, PassFile, TakeFileBack
from services.intake.domain.pictures_passed import OfPictures, PassPicture, TakePictureBack
from services.intake.files.keeping import Files
from shared.contracts.checking import FindingPictured
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

    async def passed_of(self, found: FindingPictured, who: str, reason: Line) -> bool:
        """A picture of a finding, with the check that it is about. Raises DomainError,
        TryLaterError."""
        self.by_staff.require(who, EDITOR)
        of = found.checking_id
        picture = await self.files.public_name(found.member_id, found.digest, of)
        if picture is None:
            raise NoPictureError("Only pictures are shown to all.")
        which = found.check_id, of, found.member_id, found.digest, picture
        said = found.may_be_shown, EDITOR, reason, self.clock.now()
        return await self._done(PassPicture(*which, *said), who)

    async def taken_back_of(self, found: FindingPictured, who: str, reason: Line) -> bool:
        """Raises DomainError, TryLaterError."""
        self.by_staff.require(who, EDITOR)
        which = found.check_id, found.checking_id, found.digest
        command = TakePictureBack(*which, EDITOR, reason, self.clock.now())
        return await self._done(command, who)

    async def _done(self, command: OfFiles | OfPictures, who: str) -> bool:
        outcome = await self.by_staff.carry_out(command, EDITOR, who)
        return not outcome.duplicate
