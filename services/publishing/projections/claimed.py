"""Of the row of a check whether anybody looked at its claim, and which tier it reached."""

from services.publishing.projections import promised
from shared.contracts import public
from shared.contracts.event import Event
from shared.contracts.public_checking import CheckHalved, ClaimRefuted, ClaimUnchecked, ClaimUpheld
from shared.eventsourcing.projections.read_model import Row

UPHELD, UNCHECKED = "upheld", "unchecked"
LETTERS = {UPHELD: "u", UNCHECKED: "n"}
NO_CLAIM: Row = {"said_on": None, "found": None}
NOTHING: Row = NO_CLAIM | {"reached": None}


def apply(row: Row, event: Event) -> None:
    """`found` is of the claim that stands, `said_on` for when it is to count once it is upheld.
    What is raised again stands in the tier that it had `reached`."""
    for name in NOTHING:
        row.setdefault(name, None)
    if row["withdrawn_on"]:
        row |= NOTHING
        return
    match event:
        case public.CheckOverdue():
            row["reached"] = row["tier"] = max(row["tier"] or 0, row["reached"] or 0)
        case public.DoneClaimed():
            row |= {"said_on": event.said_on, "found": None}
        case ClaimUpheld():
            row |= {"said_on": None, "found": UPHELD}
        case ClaimUnchecked():
            row["found"] = UNCHECKED
        case ClaimRefuted() | CheckHalved():
            row |= NO_CLAIM
        case _:
            pass


def sorts(row: Row) -> tuple[str, ...]:
    """As those of how it was kept."""
    if not row["found"] or not promised.is_counted(row):
        return ()
    before = f"{promised.digest(row['owner'])}{row['due_on'].year}{row['due_on'].month:02}"
    return (f"{before}{LETTERS[row['found']]}{row['place']} {row['sector']}",)
