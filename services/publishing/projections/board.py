"""The board of places: reports, confirmed, refuted, checks, overdue; from what is public only.

What was said of each report and check is kept, so that what is withdrawn counts nowhere, whatever
is said of it before or after, and nothing counts twice.
"""

from collections.abc import Collection, Iterable

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, select

from services.publishing.projections import board_v1
from shared.contracts import public
from shared.contracts.event import Event
from shared.contracts.public_checking import (
    CheckHalved,
    ClaimRefuted,
    ClaimUpheld,
    PublicCheckingEvent,
)
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import counts_of, rows_of, version

metadata = MetaData()

FIGURES = board_v1.FIGURES
FILED, CONFIRMED, REFUTED, OPENED, RAISED, CLEARED, LATE, IN_TIME, WITHDRAWN = (
    1 << bit for bit in range(9)
)
HALVED, OF_LATE = 1 << 9, 1 << 10
"""Half of it was done; it is what is left of something that was late."""
SAYS: dict[type[Event], int] = {
    public.ReportFiled: FILED,
    public.ReportConfirmed: CONFIRMED,
    public.ReportRefuted: REFUTED,
    public.CheckOpened: OPENED,
    public.CheckOverdue: RAISED,
    public.OverdueWithdrawn: CLEARED,
    public.PublicWithdrawn: WITHDRAWN,
}


def _rows(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("thing", String(32), primary_key=True),
        Column("place", String(120), nullable=False),
        Column("said", Integer, nullable=False),
    )


board = _rows("board_v5")


def keys(event: Event) -> Collection[str]:
    shown = public.PublicReportEvent | public.PublicCheckEvent | public.PublicWithdrawn
    return (event.aggregate_id,) if isinstance(event, shown) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    thing = event.aggregate_id
    if isinstance(event, public.DoneClaimed):
        said = LATE if event.late else IN_TIME
    else:
        said = SAYS[type(event)]
    row = rows.get(thing)
    if row is None:
        rows[thing] = {"thing": thing, "place": event.place, "said": said}
    else:
        row["said"] |= said


def keys_with_reopened(event: Event) -> Collection[str]:
    return (event.report,) if isinstance(event, public.ReportReopened) else keys(event)


def apply_with_reopened(rows: Rows, recorded: RecordedEvent) -> None:
    """What was told to have come of a report that is open again counts no more."""
    if not isinstance(event := recorded.event, public.ReportReopened):
        apply(rows, recorded)
    elif row := rows.get(event.report):
        row["said"] &= ~(CONFIRMED | REFUTED)


def keys_with_verdicts(event: Event) -> Collection[str]:
    if isinstance(event, PublicCheckingEvent):
        return (event.check,)
    return keys_with_reopened(event)


def apply_with_verdicts(rows: Rows, recorded: RecordedEvent) -> None:
    """A claim that was refuted counts no more; what it took back is raised again."""
    event = recorded.event
    if not isinstance(event, PublicCheckingEvent):
        apply_with_reopened(rows, recorded)
    elif row := rows.get(event.check):
        row["said"] = _settled(row["said"], event)


def _settled(said: int, event: PublicCheckingEvent) -> int:
    open_ = said & ~(LATE | IN_TIME)
    match event:
        case ClaimRefuted():
            return open_ & ~(RAISED | CLEARED) if said & CLEARED else open_
        case ClaimUpheld():
            return open_ | (LATE if event.late else IN_TIME)
        case CheckHalved():
            return open_ | HALVED
        case _:
            return said


def keys_with_rests(event: Event) -> Collection[str]:
    if isinstance(event, CheckHalved):
        return event.check, event.rest
    return keys_with_verdicts(event)


def apply_with_rests(rows: Rows, recorded: RecordedEvent) -> None:
    """What is left of something late is known before it is opened."""
    event = recorded.event
    if isinstance(event, CheckHalved) and _is_late(rows.get(event.check), event):
        empty = {"thing": event.rest, "place": event.place, "said": 0}
        rows.setdefault(event.rest, empty)["said"] |= OF_LATE
    apply_with_verdicts(rows, recorded)


def _is_late(row: Row | None, event: CheckHalved) -> bool:
    return row is not None and bool(row["said"] & OF_LATE or event.on > event.due_on)


def sorts(row: Row) -> tuple[str, ...]:
    """`{place} {figure}` for each figure that it counts in."""
    said = row["said"]
    if said & WITHDRAWN:
        return ()
    is_overdue = said & (RAISED | CLEARED) == RAISED
    counts = {
        "reports": said & FILED,
        "confirmed": said & CONFIRMED,
        "refuted": said & REFUTED,
        "checks": said & OPENED,
        "done_in_time": said & IN_TIME,
        "overdue": is_overdue,
        "still_overdue": is_overdue and not said & LATE,
    }
    return tuple([f"{row['place']} {figure}" for figure, it_is in counts.items() if it_is])


def sorts_with_verdicts(row: Row) -> tuple[str, ...]:
    """What is halved is overdue no longer: its rest is, once that is late."""
    found = sorts(row)
    if not row["said"] & HALVED:
        return found
    return tuple([each for each in found if each != f"{row['place']} still_overdue"])


def sorts_with_rests(row: Row) -> tuple[str, ...]:
    """Nothing that was late is done in time because half of it was done."""
    found = sorts_with_verdicts(row)
    if not row["said"] & OF_LATE:
        return found
    return tuple([each for each in found if each != f"{row['place']} done_in_time"])


PUBLIC = log_of("public")
without_reopened = ReadModel(
    "board_v2", PUBLIC, _rows("board_v2"), keys, apply, board_v1.read_model, sorts
)
without_verdicts = ReadModel(
    "board_v3",
    PUBLIC,
    _rows("board_v3"),
    keys_with_reopened,
    apply_with_reopened,
    without_reopened,
    sorts,
)
without_rests = ReadModel(
    "board_v4",
    PUBLIC,
    _rows("board_v4"),
    keys_with_verdicts,
    apply_with_verdicts,
    without_verdicts,
    sorts_with_verdicts,
)
read_model = ReadModel(
    "board_v5",
    PUBLIC,
    board,
    keys_with_rests,
    apply_with_rests,
    without_rests,
    sorts_with_rests,
)


def all_places(connection: Connection, places: Collection[str] | None = None) -> list[Row]:
    """Every place with something to show, or those among some places; most reports first."""
    rows = _former(connection) if _is_former(connection) else _counted(connection)
    wanted = None if places is None else set(places)
    chosen = [row for row in rows if wanted is None or row["place"] in wanted]
    return sorted(chosen, key=lambda row: (-row["reports"], row["place"]))


def totals(rows: Iterable[Row]) -> dict[str, int]:
    rows = list(rows)
    return {figure: sum(row[figure] for row in rows) for figure in FIGURES}


def _counted(connection: Connection) -> Iterable[Row]:
    found: dict[str, Row] = {}
    for sort, count in counts_of(connection, read_model).items():
        place, figure = sort.split(" ")
        row = found.setdefault(place, {"place": place, **dict.fromkeys(FIGURES, 0)})
        row[figure] = count
    return found.values()


def _is_former(connection: Connection) -> bool:
    return version(connection, read_model) is board_v1.read_model


def _former(connection: Connection) -> Iterable[Row]:
    chosen = select(rows_of(connection, read_model))
    return [dict(row) for row in connection.execute(chosen).mappings()]
