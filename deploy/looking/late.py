"""Who was late as known at a moment: intake's answer, put together from its pages."""

from datetime import datetime
from typing import Any

from deploy.asking import ask
from shared.eventsourcing.jetstream.connection import Client

PAGE = 1_000


async def who_was_late(client: Client, on: datetime, page: int = PAGE) -> list[dict[str, str]]:
    """`check`, `owner` and `due_at` of each, by due date."""
    rows: list[dict[str, str]] = []
    question: dict[str, Any] = {"on": on.isoformat(), "after": None, "limit": page}
    while True:
        answer = await ask(client, "intake", "late", question)
        rows += answer["rows"]
        if answer["after"] is None:
            return rows
        question["after"] = answer["after"]
