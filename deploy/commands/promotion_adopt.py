"""`tribune promotion adopt`: the tracks that promotion judges by are adopted, by somebody."""

import json
from pathlib import Path

from deploy.asking import request
from deploy.connecting import connected
from shared.runtime.outside import harmless


async def adopt(data_dir: Path | None, by: str, reason: str, *, as_json: bool) -> int:
    """Raises NotDoneError where a rule was changed and its version was not."""
    async with connected(data_dir, services=True) as suite:
        body = {"by": by, "reason": reason}
        answer = await request(suite.client, "cmd.promotion.AdoptTracks", body)
    if as_json:
        print(json.dumps(answer))  # noqa: T201
        return 0
    names = ", ".join(f"{each['name']} {each['rule_version']}" for each in answer["tracks"])
    how = "adopted" if answer["adopted"] else f"adopted already, on {answer['at'][:10]}"
    print(harmless(f"{how}: {names or 'no tracks'}"))  # noqa: T201
    return 0
