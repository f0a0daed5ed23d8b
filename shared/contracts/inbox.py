"""What upstream systems may say to us: the bodies of the inbox kinds."""

import re
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints

from shared.contracts.place import Place, Sector

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROLS_IN_PROSE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def _one_line(text: str) -> str:
    if _CONTROLS.search(text):
        raise ValueError("must not contain control characters")
    return text


def _prose(text: str) -> str:
    if _CONTROLS_IN_PROSE.search(text):
        raise ValueError("must not contain control characters other than line breaks and tabs")
    return text


SourceId = Annotated[
    str, StringConstraints(min_length=1, max_length=200), AfterValidator(_one_line)
]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(_one_line)]
Prose = Annotated[str, StringConstraints(max_length=20_000), AfterValidator(_prose)]
MemberId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
"""A pseudonym without dots or spaces: it becomes part of a subject."""


EARLIEST_YEAR, LATEST_YEAR = 1900, 2999


def _to_utc(moment: datetime) -> datetime:
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise ValueError(f"must lie between the years {EARLIEST_YEAR} and {LATEST_YEAR}")
    return moment.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_to_utc)]
"""A moment with its offset, kept in UTC."""


class InboxMessage(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ReportSubmitted(InboxMessage):
    """`report.submitted`: somebody reports something about a place.

    `report` is the source's own id. `confidential` is the default: nothing of it is shown at once.
    """

    report: SourceId
    place: Place
    sector: Sector
    text: Prose = ""
    correspondent: MemberId | None = None
    filed_at: Instant
    confidential: bool = True


class ReportResolved(InboxMessage):
    """`report.resolved`: what came of a report."""

    report: SourceId
    outcome: Literal["confirmed", "refuted", "duplicate", "closed"]
    duplicate_of: SourceId | None = None
    resolved_at: Instant
    reason: Prose = ""


class CommitmentMade(InboxMessage):
    """`commitment.made`: somebody (`owner`) is to do something (`task`) by `due_at`."""

    commitment: SourceId
    report: SourceId | None = None
    owner: Line
    task: Line
    place: Place
    sector: Sector
    made_at: Instant
    due_at: Instant
    confidential: bool = True


class CommitmentDone(InboxMessage):
    """`commitment.done`: the owner says that it is done, with effect from `done_at`."""

    commitment: SourceId
    owner: Line
    done_at: Instant


INBOX_KINDS: dict[str, type[InboxMessage]] = {
    "report.submitted": ReportSubmitted,
    "report.resolved": ReportResolved,
    "commitment.made": CommitmentMade,
    "commitment.done": CommitmentDone,
}
