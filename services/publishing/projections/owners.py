"""How owners keep what they promised: counted from the checks that are public, never from less."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from services.publishing.projections import overdue
from shared.eventsourcing.projections.serving import rows_of


@dataclass(frozen=True)
class Asked:
    """Of checks due from `first` to `last`, both of them; what is due before `today` is over. No
    `places` are all, no `sector` is any. `after` an owner the next ones, at most `limit`."""

    today: date
    first: date
    last: date
    places: Collection[str] | None = None
    sector: str | None = None
    after: str | None = None
    limit: int = 100


@dataclass(frozen=True)
class Kept:
    """Of one owner, or of all whose words wait (`owner` is None then). `made` is all that is due
    then; of what is settled or over, `in_time`, `late` and `not_done` are all there is. `oldest` is
    the first due day of what is not done."""

    owner: str | None
    made: int
    in_time: int
    late: int
    not_done: int
    oldest: date | None

    @property
    def settled(self) -> int:
        """What can be told by now whether it was kept."""
        return self.in_time + self.late + self.not_done

    @property
    def share(self) -> float | None:
        """Of `settled`; None of nothing."""
        return self.in_time / self.settled if self.settled else None


def found(connection: Connection, asked: Asked) -> list[Kept]:
    """By name, so that it is no league table; those who are not named come last."""
    rows = rows_of(connection, overdue.read_model).c
    is_done = rows.done_on.is_not(None)
    is_open = and_(~is_done, rows.due_on < asked.today)
    chosen = select(
        rows.owner,
        func.count(),
        _sum(and_(is_done, ~rows.late)),
        _sum(and_(is_done, rows.late)),
        _sum(is_open),
        func.min(case((is_open, rows.due_on))),
    ).where(rows.withdrawn_on.is_(None), rows.due_on.between(asked.first, asked.last))
    if asked.places is not None:
        chosen = chosen.where(rows.place.in_(asked.places))
    if asked.sector is not None:
        chosen = chosen.where(rows.sector == asked.sector)
    if asked.after is not None:
        chosen = chosen.where(or_(rows.owner > asked.after, rows.owner.is_(None)))
    chosen = chosen.group_by(rows.owner).order_by(rows.owner.is_(None), rows.owner)
    return [Kept(*row) for row in connection.execute(chosen.limit(asked.limit))]


def _sum(is_so: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((is_so, 1), else_=0)), 0)
