"""What the addresses of sources lead to."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.intake.files.uploading import Uploads
from shared.contracts.roles import Role
from shared.eventsourcing.inbox.awaited import Awaited
from shared.eventsourcing.inbox.entry import Entry
from shared.eventsourcing.inbox.looked_up import LookedUp
from shared.web.source_keys import SourceKeys


@dataclass(frozen=True)
class Roads:
    """`root` is the path that our own addresses lie under, `uploads` where files are taken;
    `openings` gives how often a report was opened, by role, and `code` what its holder shows it by,
    if that can be told just now."""

    keys: SourceKeys
    entry: Entry
    awaited: Awaited
    looked_up: LookedUp
    openings: Callable[[str], Awaitable[dict[Role, int] | None]]
    code: Callable[[str], Awaitable[str | None]]
    root: str = ""
    uploads: Uploads | None = None
