"""What is known of a report between two decisions, and what all of its events say."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from rpds import HashTrieMap, HashTrieSet

from services.intake.domain.duplicate import Duplicate
from services.intake.domain.files_passed import Standing
from services.intake.domain.protection import Kept
from shared.contracts.report import ReportFiled
from shared.contracts.values import Id
from shared.eventsourcing.errors import DomainError


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


NONE: "HashTrieSet[str]" = HashTrieSet()
NOTHING: "HashTrieMap[str, datetime]" = HashTrieMap()
NO_FILES: "HashTrieMap[str, str]" = HashTrieMap()


@dataclass(frozen=True, slots=True)
class Awaited:
    """Not filed yet; another one is said to repeat it, or checks are its `followers`."""

    is_original: bool = False
    followers: "HashTrieSet[str]" = NONE


@dataclass(frozen=True, slots=True)
class Filed:
    """`settled_by` is what settled it, none while it is open; as of `settled_at` that was
    decided, or that it is half fixed; `last_answer` is a digest; `is_original` if another one is
    said to repeat it, `duplicate` what is said of itself, `refused` the originals that it could not
    be the duplicate of, and when that was claimed. Once it is `erased` nobody compares answers.
    `witnesses` have seen it, too, nobody knows `strangers` of them; what was decided before
    `reopened_at` counts no more. `followers` are checks that were told that it is confidential;
    `files` are by digest what they are called in public.
    """

    place: str
    sector: str
    confidential: bool
    protected: bool
    correspondent: str | None
    settled_by: type | None = None
    settled_at: datetime | None = None
    last_answer: bytes | None = None
    duplicate: Duplicate | None = None
    is_original: bool = False
    refused: "HashTrieMap[str, datetime]" = NOTHING
    last_unsealed: datetime | None = None
    erased: bool = False
    withdrawn: bool = False
    erase_at: datetime | None = None
    witnesses: "HashTrieSet[str]" = NONE
    strangers: int = 0
    half_fixed: bool = False
    reopened_at: datetime | None = None
    followers: "HashTrieSet[str]" = NONE
    files: "HashTrieMap[str, str]" = NO_FILES

    @property
    def of_files(self) -> Standing:
        gone = self.withdrawn or self.erased
        return Standing(self.files, self.confidential, self.protected, gone)

    @property
    def kept(self) -> Kept:
        return Kept(self.last_unsealed, self.erase_at, self.erased)


Report = Unknown | Awaited | Filed


class NotFiledError(DomainError):
    pass


class NamedTooLateError(DomainError):
    def __str__(self) -> str:
        return (
            "A file is named that was uploaded more than a week ago, and is not kept any more."
            " Upload it once more, and send this with the name that it then has."
        )


class AlreadySettledError(DomainError):
    pass


def common(report_id: Id, report: Filed | ReportFiled) -> dict[str, Any]:
    """The fields that all of a report's events share."""
    return {
        "report_id": report_id,
        "place": report.place,
        "sector": report.sector,
        "confidential": report.confidential,
    }


def digest(text: str) -> bytes:
    """Answers are long, and many reports are remembered."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
