"""The events of one report; only intake writes them."""

from typing import Annotated, ClassVar

from shared.contracts.event import Event
from shared.contracts.roles import Role
from shared.contracts.sealed import Sealed
from shared.contracts.values import (
    Count,
    Id,
    Instant,
    Line,
    Prose,
    Sector,
    Sequence,
    SourceCode,
    SourceId,
    Truth,
)


class ReportEvent(Event):
    service: ClassVar[str] = "intake"
    aggregate: ClassVar[str] = "report"
    key: ClassVar[str] = "report_id"

    report_id: Id
    sector: Sector
    confidential: Truth


class ReportFiled(ReportEvent):
    """`correspondent` is a pseudonymous member id, or none when nobody is known. It is `protected`
    unless its source's data are public already; version 1 knew nothing of that, and went out at
    once. `point` is where it is, if that was said, as `shared.contracts.point` writes it; version 2
    had none."""

    version: ClassVar[int] = 3

    protected: Truth = True
    source: SourceCode
    source_id: SourceId
    correspondent: Id | None
    text: Annotated[Prose, Sealed("report_id", "confidential")]
    point: Annotated[Prose, Sealed("report_id", "confidential", "protected")] = ""
    filed_at: Instant


class ReportConfirmed(ReportEvent):
    """`protected` as the report is."""

    version: ClassVar[int] = 2

    protected: Truth = True
    correspondent: Id | None
    confirmed_at: Instant
    reason: Annotated[Prose, Sealed("report_id", "confidential")]


class ReportRefuted(ReportEvent):
    """`protected` as the report is."""

    version: ClassVar[int] = 2

    protected: Truth = True
    correspondent: Id | None
    refuted_at: Instant
    reason: Annotated[Prose, Sealed("report_id", "confidential")]


class DuplicateClaimed(ReportEvent):
    """Its source, or one of the staff, says that it repeats another report, which may not have been
    filed yet. Version 1 had no reason."""

    version: ClassVar[int] = 2

    duplicate_of: Id
    claimed_at: Instant
    reason: Annotated[Prose, Sealed("report_id", "confidential")] = ""


class ReportMarkedDuplicate(ReportEvent):
    """It repeats the report `head`, directly or through others; once more whenever that changes.

    `as_of` is the sequence in INTAKE of what named the head. Version 1 was recorded as soon as a
    source said so, whatever the original was, and has neither.
    """

    version: ClassVar[int] = 2

    duplicate_of: Id
    marked_at: Instant
    head: Id | None = None
    as_of: Sequence = 0


class DuplicateRefused(ReportEvent):
    """It can not be the duplicate that it was said to be, and is open again."""

    duplicate_of: Id
    claimed_at: Instant
    reason: Prose


class DuplicateParted(ReportEvent):
    """It was said to repeat another one, and does not; it is open again."""

    duplicate_of: Id
    parted_at: Instant
    reason: Annotated[Prose, Sealed("report_id", "confidential")]


class OriginalFound(ReportEvent):
    """It was filed, and another one is said to repeat it."""


class OriginalAwaited(Event):
    """Another report, at `place`, is said to repeat this one, which was not filed yet."""

    service: ClassVar[str] = "intake"
    aggregate: ClassVar[str] = "report"
    key: ClassVar[str] = "report_id"

    report_id: Id


class FollowerNoted(Event):
    """A check at `place` follows this report, which was not filed yet."""

    service: ClassVar[str] = "intake"
    aggregate: ClassVar[str] = "report"
    key: ClassVar[str] = "report_id"

    report_id: Id
    check_id: Id


class FollowersFound(Event):
    """These checks follow this report and were opened as if they might be public: it is
    confidential, or more wait for it than are noted."""

    service: ClassVar[str] = "intake"
    aggregate: ClassVar[str] = "report"
    key: ClassVar[str] = "report_id"

    report_id: Id
    checks: tuple[Id, ...]


class ReportAnswered(ReportEvent):
    answer: Annotated[Prose, Sealed("report_id", "confidential")]
    answered_at: Instant


class ReportClosed(ReportEvent):
    closed_at: Instant
    reason: Annotated[Prose, Sealed("report_id", "confidential")]


class ReportCorroborated(ReportEvent):
    """Somebody else has seen it, too; `by` is a pseudonymous id. Of who is not `known` nobody can
    tell whether they said so before: it is an id of that one word. `source` named them, unless they
    have signed in. `protected` as the report is."""

    protected: Truth = True
    by: Id
    known: Truth
    source: SourceCode | None
    seen_at: Instant


class ReportHalfFixed(ReportEvent):
    """Part of it is mended, and it is still open. `protected` as the report is."""

    protected: Truth = True
    half_fixed_at: Instant
    reason: Annotated[Prose, Sealed("report_id", "confidential")]


class ReportReopened(ReportEvent):
    """It was settled or half fixed, and is open again. `protected` as the report is;
    `correspondent` as who filed it, of whom version 1 said nothing."""

    version: ClassVar[int] = 2

    protected: Truth = True
    correspondent: Id | None = None
    reopened_at: Instant
    reason: Annotated[Prose, Sealed("report_id", "confidential")]


class FileAttached(ReportEvent):
    """A file goes with it, sealed by a key of the report's `files`, as what it is (`media_type`)
    always is. `digest` is under that key, too; `size` is of what is stored, in steps. No name: its
    sender's may say whose it is. `protected` as the report is."""

    protected: Truth = True
    files: Id
    digest: Id
    media_type: Annotated[Prose, Sealed("files")]
    size: Count
    attached_at: Instant


class FilePassed(ReportEvent):
    """An editor lets a picture that goes with it be public, small, and called `picture`. `reason`
    stays inside. `protected` as the report is: of such a one none is ever passed."""

    protected: Truth = True
    digest: Id
    picture: Id
    role: Role
    reason: Line
    passed_at: Instant


class FileTakenBack(ReportEvent):
    """What was public of a file is not any more: an editor says so, or the report was withdrawn or
    erased. `reason` names nobody."""

    protected: Truth = True
    digest: Id
    picture: Id
    reason: Line
    taken_back_at: Instant


class ReportUnsealed(ReportEvent):
    """Somebody in this role was shown its sealed words. `reason` names nobody."""

    role: Role
    reason: Line
    unsealed_at: Instant


class ReportErased(ReportEvent):
    """The key of its words was destroyed, for ever; whatever is said of it later is not kept.
    `reason` names nobody."""

    reason: Line
    erased_at: Instant


class ErasureAnnounced(ReportEvent):
    """Its words have been kept for nearly as long as the charter says: they are erased at
    `erase_at`, unless the charter says otherwise by then. An announcement replaces earlier ones."""

    erase_at: Instant
    announced_at: Instant


class ReportWithdrawn(ReportEvent):
    """An editor takes back what was public of it, whatever follows. `reason` is public, too."""

    role: Role
    reason: Line
    withdrawn_at: Instant
