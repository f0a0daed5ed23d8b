"""Files what somebody reports on the site, as a source would send it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel

from services.intake.trail.codes import ReceiptCodes
from shared.contracts.attachment import AttachmentName
from shared.contracts.identity import aggregate_id
from shared.contracts.point import Point
from shared.contracts.values import Place, Prose, Pseudonym, Sector
from shared.eventsourcing.inbox.awaited import Awaited
from shared.eventsourcing.inbox.entry import Entry
from shared.eventsourcing.inbox.looked_up import Receipt
from shared.eventsourcing.inbox.over_http import Mode, read_one

WAITS_S = 5.0
KIND = "report.submitted"


class Told(BaseModel):
    """What somebody reports."""

    place: Place
    sector: Sector
    text: Prose
    confidential: bool
    point: Point | None = None
    correspondent: Pseudonym | None = None
    attachments: tuple[AttachmentName, ...] = ()

    def said(self) -> dict[str, object]:
        """As a source says it."""
        where = self.point._asdict() if self.point else {}
        return self.model_dump(exclude={"point"}) | where


@dataclass(frozen=True)
class Filed:
    """It is on disk. `receipt` says what became of it, unless that takes longer."""

    code: str
    receipt: Receipt | None


@dataclass(frozen=True)
class Filing:
    """`source` is whose inbox it is. Nothing says who filed it, but for a member's pseudonym."""

    source: str
    codes: ReceiptCodes
    entry: Entry
    awaited: Awaited
    now: Callable[[], datetime]

    async def report_of(self, once: str) -> str:
        """The id that the report of a form has, before it is filed. Raises NoTurnError."""
        name = await self.codes.name_of(self.codes.code_of(once))
        return aggregate_id("report", self.source, name)

    async def file(self, once: str, told: Told) -> Filed:
        """The same form twice is one report. Raises NoTurnError, and as Entry does."""
        code = self.codes.code_of(once)
        name = await self.codes.name_of(code)
        envelope = {
            "specversion": "1.0",
            "id": name,
            "source": f"/{self.source}",
            "type": KIND,
            "data": {"report": name, "filed_at": self.now().isoformat(), **told.said()},
        }
        arrived = read_one(Mode.STRUCTURED, (), json.dumps(envelope).encode())
        with self.awaited.of(self.source) as waiting:
            at = await self.entry.put(self.source, [arrived])
            receipts = await waiting.receipts(at, at, WAITS_S)
        return Filed(code, receipts.get(at))
