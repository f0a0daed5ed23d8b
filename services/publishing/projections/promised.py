"""Of the row of a check how it was kept, by whom, and whether checkers agreed."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Literal

from shared.contracts import public
from shared.contracts.event import Event
from shared.contracts.public_checking import ClaimRefuted, ClaimUpheld
from shared.contracts.public_clock import CheckResumed, DueDateMoved
from shared.eventsourcing.projections.read_model import Row

Outcome = Literal["in time", "put off", "late", "not done", "taken over", "not due"]
LETTERS: dict[Outcome, str] = {"in time": "i", "put off": "p", "late": "l"}
OPEN, CLAIMED, REFUTED, DISPUTED = "o", "c", "r", "d"
"""Letters of a sort: of what is open the day has to say whether it is late."""
OWNERS_DIGEST, MONTH = 12, 6
NOTHING: Row = dict.fromkeys(
    (
        *("paused", "halved_on", "rest", "tier", "first_on", "claimed", "refuted", "disputed"),
        *("of_late", "held", "apart"),
    )
)
LEFT = ("tier", "first_on", "claimed", "refuted", "disputed", "of_late", "held", "apart")


def apply(row: Row, event: Event) -> None:
    """Of what is withdrawn nothing is kept."""
    for name in LEFT:
        row.setdefault(name, None)
    if row["withdrawn_on"]:
        row |= dict.fromkeys(LEFT)
        return
    match event:
        case public.CheckOverdue():
            row["tier"] = max(event.tier, row["tier"] or 0)
        case public.OverdueWithdrawn():
            row["tier"] = None
        case public.DoneClaimed():
            row["claimed"] = True
        case ClaimRefuted():
            row |= {"refuted": True, "disputed": True}
        case ClaimUpheld():
            row["refuted"] = None
        case CheckResumed() | DueDateMoved():
            row["first_on"] = _first(row, event)
        case public.CheckHandedOver():
            row["held"] = _handed_over(row["held"], event)
        case _:
            pass
    row["apart"] = is_apart(row) or None


def is_apart(row: Row) -> bool:
    return bool(row["held"] or row["first_on"] or row["paused"])


def _first(row: Row, event: CheckResumed | DueDateMoved) -> date | None:
    """A holiday puts nothing off: it is nobody's doing."""
    by_charter = isinstance(event, DueDateMoved) and event.why == "charter"
    first: date | None = row["first_on"]
    return first or (
        event.old_due_on if event.due_on > event.old_due_on and not by_charter else None
    )


def _handed_over(held: str | None, event: public.CheckHandedOver) -> str:
    since = json.loads(held) if held else [[event.owner, None]]
    return json.dumps([*since, [event.to, event.on.isoformat()]], ensure_ascii=False)


def inherited(row: Row) -> Row | None:
    """What is left of it has no better record than it: half of it may be found done again and
    again. None where that is nothing."""
    if row["halved_on"] is None or row["due_on"] is None:
        return None
    is_of_late = row["of_late"] or row["halved_on"] > row["due_on"]
    found = {"of_late": is_of_late or None, "first_on": row["first_on"], "held": row["held"]}
    return found if any(found.values()) else None


def is_counted(row: Row) -> bool:
    """Of what was halved by its day the rest counts, and of what was late the whole."""
    is_gone = row["withdrawn_on"] or row["due_on"] is None or row["of_late"]
    return not (is_gone or (row["halved_on"] and row["halved_on"] <= row["due_on"]))


def outcome(row: Row, today: date) -> Outcome:
    """On a day, by whoever had it. What is done, or still to be done, behind the day of which it
    was due at first is put off: it is not late, and no better than what is."""
    first, done = row["first_on"] or row["due_on"], row["done_on"]
    if done is None:
        if row["due_on"] < today and not row["paused"]:
            return "not done"
        return "put off" if first < today else "not due"
    if row["late"]:
        return "late"
    return "put off" if done > first else "in time"


def by_owner(row: Row, today: date) -> Iterator[tuple[str | None, Outcome]]:
    """For each who had it in time; for who has it since later it is taken over."""
    found = outcome(row, today)
    held: list[tuple[str | None, str | None]] = json.loads(row["held"]) if row["held"] else []
    if not held or found in ("in time", "not due"):
        yield row["owner"], found
        return
    until = row["first_on"] or row["due_on"] if found == "put off" else row["due_on"]
    in_time = {owner for owner, since in held if since is None or since <= until.isoformat()}
    yield row["owner"], found if row["owner"] in in_time else "taken over"
    for owner in sorted(filter(None, in_time - {row["owner"]})):
        yield owner, found


def sorts(row: Row) -> tuple[str, ...]:
    """`{owner}{month}{letter}{place} {sector}`: nothing of it is longer than it may be."""
    if not is_counted(row):
        return ()
    letters = [CLAIMED] if row["claimed"] else []
    letters += [REFUTED] if row["refuted"] else []
    letters += [DISPUTED] if row["disputed"] else []
    if not row["apart"]:
        letters.append(OPEN if row["done_on"] is None else LETTERS[outcome(row, row["due_on"])])
    before = f"{digest(row['owner'])}{row['due_on'].year}{row['due_on'].month:02}"
    where = f"{row['place']} {row['sector']}"
    return tuple([f"{before}{letter}{where}" for letter in letters])


@lru_cache(maxsize=10_000)
def digest(owner: str | None) -> str:
    """An owner's name is longer than a sort may be."""
    if owner is None:
        return "-" * OWNERS_DIGEST
    return urlsafe_b64encode(sha256(owner.encode()).digest())[:OWNERS_DIGEST].decode()
