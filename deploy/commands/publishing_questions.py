"""`tribune publishing questions`: what the body was asked, and what became of it."""

import json
from pathlib import Path
from typing import Any

from deploy.asking import ask
from deploy.connecting import connected
from shared.runtime.outside import harmless


async def questions(data_dir: Path | None, limit: int, *, as_json: bool) -> int:
    async with connected(data_dir, services=True) as suite:
        answer = await ask(suite.client, "publishing", "questions", {"limit": limit})
    found: list[dict[str, Any]] = answer["questions"]
    if as_json:
        print(json.dumps(found))  # noqa: T201
        return 0
    for each in found:
        print(harmless(_line(each)))  # noqa: T201
    if not found:
        print("Nobody has asked yet; members do at /questions/ask of the site.")  # noqa: T201
    return 0


def _line(question: dict[str, Any]) -> str:
    title = question["title"] or "(no words)"
    asked = f"{question['asked_at'][:10]}  {question['place']}"
    return f"{question['question_id']}  {question['state']:<9}  {asked}  {title}"
