"""Who was late as known at a moment: intake's answer, put together from its pages."""

from datetime import datetime
from typing import Any

from deploy.asking import ask
from shared.contracts.routing import streams_of
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import message_for

PAGE = 1_000


async def outside_the_log(client: Client, on: datetime, now: datetime) -> str:
    """What has to be said of a moment of which the log knows nothing, or not all yet; `now` is
    that of the suite's clock."""
    if on > now:
        return f"that is still to come: by the suite's clock it is {_told(now)}"
    begins = await _begins(client)
    if begins is None:
        return "nothing stands in the log yet"
    if on < begins:
        return f"the log begins only on {_told(begins)}, and before that nothing was known"
    return ""


async def _begins(client: Client) -> datetime | None:
    found = []
    for stream in streams_of("intake"):
        first = await message_for(client, stream, {"seq": 1, "next_by_subj": ">"})
        if first and (at := first.headers.get("ce-time")):
            found.append(datetime.fromisoformat(at))
    return min(found, default=None)


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


async def who_was_late(
    client: Client, on: datetime, page: int = PAGE, late_on: datetime | None = None
) -> list[dict[str, str]]:
    """`check`, `owner` and `due_at` of each, by due date; as known at the moment `on`. At the
    moment `late_on`, if one is given, whatever else was known then."""
    rows: list[dict[str, str]] = []
    question: dict[str, Any] = {"on": on.isoformat(), "after": None, "limit": page}
    if late_on is not None:
        question["late_on"] = late_on.isoformat()
    while True:
        answer = await ask(client, "intake", "late", question)
        rows += answer["rows"]
        if answer["after"] is None:
            return rows
        question["after"] = answer["after"]
