"""Who was late on day D as known on day T, counted from the log alone: another way than ours.

Lines of JSON, one an event: `{"type": "CheckOverdue", "recorded_at": "…", "body": {…}}`. Knows the
names of events and fields, and no code of the suite.
"""

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

Line = Mapping[str, Any]


def late(log: Iterable[Line], day: datetime, known: datetime) -> set[str]:
    """Each check's whole history up to `known` is told again, from nothing."""
    histories: dict[str, list[Line]] = {}
    for line in log:
        if datetime.fromisoformat(line["recorded_at"]) <= known:
            histories.setdefault(line["body"]["check_id"], []).append(line)
    return {check for check, history in histories.items() if _is_late(history, day)}


def _is_late(history: list[Line], day: datetime) -> bool:
    told = [line for line in history if line["type"] in {"CheckOverdue", "OverdueWithdrawn"}]
    if not told or told[-1]["type"] == "OverdueWithdrawn":
        return False
    raised = told[-1]["body"]
    if datetime.fromisoformat(raised["due_at"]) >= day:
        return False
    done = dict[str, str]()
    for line in history:
        body = line["body"]
        match line["type"]:
            case "DoneClaimed":
                done[body.get("said_at") or body["done_at"]] = body["done_at"]
            case "ClaimUpheld":
                done[body["done_at"]] = body["done_at"]
            case "ClaimRefuted":
                done.pop(body["done_at"], None)
            case "CheckHalved":
                done["half"] = body["halved_at"]
    return not any(datetime.fromisoformat(each) <= day for each in done.values())


def main() -> None:
    """DAY KNOWN, both as ISO says them; the log comes in by the standard input."""
    day, known = (datetime.fromisoformat(each) for each in sys.argv[1:3])
    for check in sorted(late(map(json.loads, sys.stdin), day, known)):
        print(check)  # noqa: T201


if __name__ == "__main__":
    main()
