"""`tribune publishing stories`: what the newsroom has in work, and what has appeared."""

import json
from pathlib import Path
from typing import Any

from deploy.asking import ask
from deploy.connecting import connected
from shared.runtime.outside import harmless


async def stories(data_dir: Path | None, limit: int, *, as_json: bool) -> int:
    async with connected(data_dir, services=True) as suite:
        answer = await ask(suite.client, "publishing", "stories", {"limit": limit})
    found: list[dict[str, Any]] = answer["stories"]
    if as_json:
        print(json.dumps(found))  # noqa: T201
        return 0
    for each in found:
        print(harmless(_line(each)))  # noqa: T201
    if not found:
        print("Nobody has proposed a story yet; editors do at /newsroom of the site.")  # noqa: T201
    return 0


def _line(story: dict[str, Any]) -> str:
    held = "  held, asked again" if story["asked"] else "  held" if story["ask_at"] else ""
    until = f"  appears {story['until'][:16]} UTC" if story["until"] else ""
    title = story["title"] or "(no words)"
    return f"{story['story_id']}  {story['stage']:<9}  {story['place']}  {title}{held}{until}"
