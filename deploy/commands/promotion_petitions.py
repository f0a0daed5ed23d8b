"""`tribune promotion petitions`: which there are, and by when which answer is owed."""

import json
from pathlib import Path

from deploy.asking import request
from deploy.connecting import connected
from shared.runtime.outside import harmless


async def petitions(data_dir: Path | None, *, as_json: bool) -> int:
    async with connected(data_dir, services=True) as suite:
        found = (await request(suite.client, "query.promotion.petitions", {}))["petitions"]
    if as_json:
        print(json.dumps(found))  # noqa: T201
        return 0
    for each in found:
        owed = f", answer due {each['answer_due']}" if each["state"] == "reached" else ""
        many = f"{each['at_least'] or 'few'} of {each['needs']}"
        print(  # noqa: T201
            harmless(f"{each['petition']}  {each['place']}  {each['state']}  {many}{owed}")
        )
    if not found:
        print("Nobody has started a petition yet.")  # noqa: T201
    return 0
