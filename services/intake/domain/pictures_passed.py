"""An editor lets a picture of a finding be public with its check, and takes it back, for good."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from services.intake.domain.files_passed import GONE, FileTakenBackError, NoSuchFileError
from services.intake.domain.words import PASSERS, NoEditorError, NotToBePublicError
from shared.contracts.check import CheckEvent, CheckShielded, CheckWithdrawn
from shared.contracts.finding_shown import PicturePassed, PictureTakenBack
from shared.contracts.roles import Role
from shared.contracts.values import Id, Line, Truth, UtcInstant
from shared.eventsourcing.errors import DomainError


@dataclass(frozen=True, slots=True)
class PassPicture:
    """`picture` is what it will be called in public; it `may_be_shown` if who took it said so."""

    check_id: Id
    checking_id: Id
    member_id: Id
    digest: Id
    picture: Id
    may_be_shown: Truth
    role: Role
    reason: Line
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class TakePictureBack:
    """`role` is of the staff; none where it goes with who took it."""

    check_id: Id
    checking_id: Id
    digest: Id
    role: Role | None
    reason: Line
    now: UtcInstant


OfPictures = PassPicture | TakePictureBack
Pictures = Mapping[tuple[str, str], str]
"""What each that was ever public is called there, by its checking and digest; GONE once it was
taken back."""


class NotAllowedByCheckerError(DomainError):
    pass


def pictures_passed(
    command: OfPictures, common: Mapping[str, Any], pictures: Pictures
) -> list[PicturePassed | PictureTakenBack]:
    """`common` is what all events of the check say. Nothing where it is so already."""
    if command.role not in PASSERS and (command.role or isinstance(command, PassPicture)):
        raise NoEditorError("Only editors let pictures be public, and take them back.")
    which = command.checking_id, command.digest
    known = pictures.get(which)
    if isinstance(command, TakePictureBack):
        if known is None:
            raise NoSuchFileError("It was never public.")
        return [*taken_back(common, pictures, command.reason, command.now, which)]
    if common["confidential"]:
        raise NotToBePublicError("It is confidential, shielded or withdrawn.")
    if not command.may_be_shown:
        raise NotAllowedByCheckerError("Who took it has not allowed that everybody sees it.")
    if known == GONE:
        raise FileTakenBackError("It was taken back: what was public is not called so again.")
    said = {"checking_id": command.checking_id, "digest": command.digest}
    said |= {"member_id": command.member_id, "picture": command.picture}
    why = {"role": command.role, "reason": command.reason, "passed_at": command.now}
    return [] if known else [PicturePassed(**common, **said, **why)]


def taken_back(
    common: Mapping[str, Any],
    pictures: Pictures,
    reason: Line,
    now: UtcInstant,
    only: tuple[str, str] | None = None,
) -> Iterator[PictureTakenBack]:
    """All that are public, or this one."""
    for which, picture in sorted(pictures.items()):
        if picture != GONE and only in (None, which):
            said = {"checking_id": which[0], "digest": which[1], "picture": picture}
            yield PictureTakenBack(**common, **said, reason=reason, taken_back_at=now)


def with_their_pictures(
    events: list[CheckEvent], common: Mapping[str, Any], pictures: Pictures
) -> list[CheckEvent]:
    """What takes a check back takes its pictures along, and them first: afterwards nothing of it
    is told."""
    for event in events:
        if isinstance(event, CheckWithdrawn):
            gone = taken_back(common, pictures, event.reason, event.withdrawn_at)
            return [*gone, *events]
        if isinstance(event, CheckShielded):
            reason = "It follows a confidential report."
            return [*taken_back(common, pictures, reason, event.shielded_at), *events]
    return events


def pictures_after(pictures: Pictures, event: CheckEvent) -> Pictures:
    match event:
        case PicturePassed():
            return {**pictures, (event.checking_id, event.digest): event.picture}
        case PictureTakenBack():
            return {**pictures, (event.checking_id, event.digest): GONE}
        case _:
            return pictures
