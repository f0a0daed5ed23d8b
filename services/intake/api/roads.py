"""What the addresses of sources lead to."""

from dataclasses import dataclass

from shared.eventsourcing.inbox.awaited import Awaited
from shared.eventsourcing.inbox.entry import Entry
from shared.eventsourcing.inbox.looked_up import LookedUp
from shared.web.source_keys import SourceKeys


@dataclass(frozen=True)
class Roads:
    """`root` is the path that our own addresses lie under."""

    keys: SourceKeys
    entry: Entry
    awaited: Awaited
    looked_up: LookedUp
    root: str = ""
