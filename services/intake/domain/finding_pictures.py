"""Pictures that go with a finding, sealed by a key of the checker's."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.intake.domain.report_state import NamedTooLateError
from shared.contracts.attachment import MEDIA_TYPES, Attached, files_of
from shared.contracts.checking import MOST_PICTURES, FindingPictured
from shared.contracts.values import Id, UtcInstant
from shared.eventsourcing.errors import DomainError


class TooManyPicturesError(DomainError):
    pass


class NoPictureError(DomainError):
    pass


def pictured(
    common: Mapping[str, Any],
    member_id: Id,
    pictures: Sequence[Attached],
    at: UtcInstant,
    *,
    may_be_shown: bool = False,
) -> list[FindingPictured]:
    """Each once, however often it was named."""
    each = {picture.digest: picture for picture in pictures}
    if len(each) > MOST_PICTURES:
        raise TooManyPicturesError(f"No more than {MOST_PICTURES} pictures go with a finding.")
    if any(picture.kind == "pdf" for picture in each.values()):
        raise NoPictureError("Only pictures go with a finding.")
    if not all(picture.in_time for picture in each.values()):
        raise NamedTooLateError
    return [
        FindingPictured(
            **common,
            member_id=member_id,
            files=files_of(member_id),
            may_be_shown=may_be_shown,
            digest=picture.digest,
            media_type=MEDIA_TYPES[picture.kind],
            size=picture.size,
            pictured_at=at,
        )
        for picture in each.values()
    ]
