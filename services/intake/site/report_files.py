"""Files that go with a report while its form is filled in: they stand in it by their names."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from re import fullmatch

from services.intake.files.uploading import Uploads
from services.intake.site.with_files import keep_named, why_left_out
from services.intake.trail.filing import Filing
from shared.contracts.attachment import is_in_time
from shared.contracts.values import ID_PATTERN
from shared.web.language import Marked
from shared.web.parts import InParts


@dataclass(frozen=True)
class ReportFiles:
    """`uploads` is none where files are not taken."""

    filing: Filing
    uploads: Uploads | None

    async def uploaded(self, fields: dict[str, str], found: InParts) -> dict[str, Marked]:
        """They stand in the form from then on, by the names that they were given."""
        once = fields.get("once", "")
        if fields.pop("leave_out", ""):
            fields["attached"] = ""
        if not (found.files or found.left_out) or not fullmatch(ID_PATTERN, once):
            return {}
        assert self.uploads is not None  # noqa: S101  else nothing was found
        before = fields.get("attached", "").split()
        report_id = await self.filing.report_of(once)
        taken = await self.uploads.take(report_id, found, len(before))
        keep_named(fields, taken)
        return why_left_out(found, taken.wrong)

    def is_over(self, names: Sequence[str]) -> bool:
        """A form may lie open for longer than files wait."""
        now = self.uploads.files.now() if self.uploads and names else None
        return now is not None and not all(is_in_time(name, now) for name in names)

    async def are_kept(self, once: str, names: Sequence[str]) -> bool:
        """Where much is uploaded they may have made room; they stay from now on."""
        if self.uploads is None or not names:
            return True
        report_id, files = await self.filing.report_of(once), self.uploads.files
        if await asyncio.to_thread(files.named, report_id, names) is None:
            return False  # nobody was told such a name: nothing is kept by it
        if not await files.keep(report_id, names):
            return False
        files.filed(report_id)
        return True
