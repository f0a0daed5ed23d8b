"""An editor lets a picture of an open report be public, and takes it back, for good."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.intake.domain.words import PASSERS, NoEditorError, NotToBePublicError
from shared.contracts.report import FilePassed, FileTakenBack
from shared.contracts.roles import Role
from shared.contracts.values import Id, Line, UtcInstant
from shared.eventsourcing.errors import DomainError


@dataclass(frozen=True, slots=True)
class PassFile:
    """`picture` is what it will be called in public."""

    report_id: Id
    digest: Id
    picture: Id
    role: Role
    reason: Line
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class TakeFileBack:
    report_id: Id
    digest: Id
    role: Role
    reason: Line
    now: UtcInstant


OfFiles = PassFile | TakeFileBack

WAITS, GONE = "", "-"
"""In place of its public name: it was never public, or is not any more."""


class NoSuchFileError(DomainError):
    pass


class FileTakenBackError(DomainError):
    pass


@dataclass(frozen=True, slots=True)
class Standing:
    """Of the report; `files` are public names by digest."""

    files: Mapping[str, str]
    confidential: bool
    protected: bool
    gone: bool


def files_passed(
    command: OfFiles, common: dict[str, Any], standing: Standing
) -> list[FilePassed | FileTakenBack]:
    """Nothing where it is so already. What is protected is told of only together with others: a
    picture would single it out, and can be taken back from nobody who has seen it."""
    if command.role not in PASSERS:
        raise NoEditorError("Only editors let files be public, and take them back.")
    known = standing.files.get(command.digest)
    if known is None:
        raise NoSuchFileError("No such file goes with this report.")
    if isinstance(command, TakeFileBack):
        if known == WAITS:
            raise NoSuchFileError("It was never public.")
        return [*taken_back(common, standing, command.reason, command.now, command.digest)]
    if standing.confidential or standing.protected or standing.gone:
        raise NotToBePublicError("It is confidential, protected, withdrawn or erased.")
    if known == GONE:
        raise FileTakenBackError("It was taken back: what was public is not called so again.")
    said = {"digest": command.digest, "picture": command.picture, "protected": False}
    why = {"role": command.role, "reason": command.reason, "passed_at": command.now}
    return [] if known else [FilePassed(**common, **said, **why)]


def taken_back(
    common: dict[str, Any], standing: Standing, reason: Line, now: UtcInstant, only: Id = ""
) -> Iterator[FileTakenBack]:
    """Of all that are public, or of this one."""
    for digest, picture in sorted(standing.files.items()):
        if picture not in (WAITS, GONE) and only in ("", digest):
            said = {"digest": digest, "picture": picture, "protected": standing.protected}
            yield FileTakenBack(**common, **said, reason=reason, taken_back_at=now)
