"""When what was sent becomes public, for who sent it."""

from datetime import UTC, datetime

from services.publishing.release.day import ReleaseTime
from shared.runtime.charter import Charter
from shared.runtime.settings import Settings


def becomes_public(
    charter: Charter, source: str, settings: Settings, now: datetime | None = None
) -> str:
    """Nothing for a source whose data are public already: all of it went out at once. When a
    replay's clock comes so far nobody knows."""
    if source in charter.public_sources:
        return ""
    zone, at = charter.language.zone, f"{charter.release_at:%H:%M}"
    following = ReleaseTime(charter.release_at, zone).follows(now or datetime.now(UTC))
    day = "" if settings.clock == "stream" else f"on {following.astimezone(zone):%Y-%m-%d} "
    return (
        f"{source} is protected: its checks are public at once; its reports, and members that they"
        f" qualify, with the release {day}at {at} ({zone.key}) or a later one, as soon as more than"
        f" {charter.smallest_figure} people have a place in common"
    )
