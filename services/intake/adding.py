"""Takes files for a report that was filed before, of who has its code or filed it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.files_added import AddFiles, require_open
from services.intake.domain.report_folded import folded
from services.intake.domain.report_state import Filed, NotFiledError
from services.intake.files.uploading import Uploads
from shared.contracts.actor import Actor
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.digests import Digests
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.event_store import AggregateKey, EventStore
from shared.web.parts import InParts

HOLDER = "holder"


@dataclass(frozen=True)
class Added:
    """How many files of these go with the report now; `wrong` are reasons, by their places."""

    count: int
    wrong: dict[int, str]


@dataclass(frozen=True)
class Adding:
    """`closed` needs no keys."""

    uploads: Uploads
    digests: Digests
    closed: EventStore
    handler: CommandHandler
    now: Callable[[], datetime]

    async def add(self, report_id: str, found: InParts, by: Actor) -> Added:
        """What can't be taken does not hold up the rest, and what is sent twice is there once. Of a
        report that takes no more nothing is cleaned, and no key is made for one that there is
        not. Raises DomainError, LogFullError, TryLaterError, OSError."""
        await self._require_open(report_id)
        taken = await self.uploads.take(report_id, found)
        files = self.uploads.files.named(report_id, taken.names)
        if files:
            command = AddFiles(report_id, tuple(files), self.now())
            known_as = self.digests.of("files", report_id, *taken.names)
            await self.handler.carry_out(Envelope(command, known_as, known_as, actor=by))
            self.uploads.files.filed(report_id)
        return Added(len(files or ()), taken.wrong)

    def member(self, login_id: str, report_id: str) -> Actor:
        """Another one for each report, so that nothing leads from one to the next."""
        return Actor("member", HOLDER, self.digests.of(HOLDER, login_id, report_id))

    async def _require_open(self, report_id: str) -> None:
        events = await self.closed.load(AggregateKey("intake", "report", report_id))
        report = folded(each.event for each in events)
        if not isinstance(report, Filed):
            raise NotFiledError("No such report was filed before.")
        require_open(report)
