"""Pictures of findings that an editor lets be public, with the check that they are about."""

from shared.contracts.check import LaterCheckEvent
from shared.contracts.roles import Role
from shared.contracts.values import Id, Instant, Line


class PicturePassed(LaterCheckEvent):
    """An editor lets a picture of a finding be public, small, and called `picture`; who took it,
    the member, has allowed that. `reason` stays inside."""

    checking_id: Id
    member_id: Id
    digest: Id
    picture: Id
    role: Role
    reason: Line
    passed_at: Instant


class PictureTakenBack(LaterCheckEvent):
    """What was public of a picture is not any more: an editor says so, who took it was erased, or
    the check was withdrawn or shielded. `reason` names nobody."""

    checking_id: Id
    digest: Id
    picture: Id
    reason: Line
    taken_back_at: Instant
