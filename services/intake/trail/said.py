"""What the body and who filed a report said to each other, for who has its code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.contracts.exchange import InquiryMade, ReplyGiven
from shared.contracts.roles import Role
from shared.contracts.sealed import CLOSED
from shared.eventsourcing.event_store import RecordedEvent


@dataclass(frozen=True)
class Said:
    """Of a reply neither role nor words: a code may fall into other hands."""

    at: datetime
    role: Role | None = None
    words: str = ""


def said_in(events: Sequence[RecordedEvent]) -> list[Said]:
    """In the order in which it was said."""
    found = []
    for recorded in events:
        match recorded.event:
            case InquiryMade(made_at=at, role=role, words=words):
                found.append(Said(at, role, "" if words == CLOSED else words))
            case ReplyGiven(given_at=at):
                found.append(Said(at))
            case _:
                pass
    return found
