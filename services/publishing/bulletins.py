"""The gate's part for bulletins: what was issued, and nothing of who made it."""

from datetime import tzinfo
from typing import Any

from services.publishing.days import day
from shared.contracts import bulletin, public_bulletin
from shared.contracts.event import Event

TOLD = (bulletin.BulletinIssued, bulletin.BulletinCorrected, bulletin.BulletinWithdrawn)
CONTENTS = ("edition", "first", "last", "terms", "items", "heard", "reason")


def passes(event: bulletin.BulletinEvent) -> bool:
    return isinstance(event, TOLD) and getattr(event, "issued", True)


def told(event: bulletin.BulletinEvent, public_id: str, zone: tzinfo) -> Event | None:
    what: dict[str, Any] = {
        "bulletin": public_id,
        "place": event.place,
        "number": event.number,
        "on": day(event.at, zone),
    }
    match event:
        case bulletin.BulletinIssued():
            return public_bulletin.BulletinIssued(**what, **_contents(event))
        case bulletin.BulletinCorrected(why=why):
            return public_bulletin.BulletinCorrected(**what, **_contents(event), why=why)
        case bulletin.BulletinWithdrawn(reason=reason, issued=True):
            return public_bulletin.BulletinWithdrawn(**what, reason=reason)
        case _:
            return None


def _contents(event: bulletin.BulletinIssued | bulletin.BulletinCorrected) -> dict[str, Any]:
    return {name: getattr(event, name) for name in CONTENTS}
