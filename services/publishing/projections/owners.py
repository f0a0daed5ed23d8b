"""How owners keep what they promised: counted from the checks that are public, never from less."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    or_,
    select,
)

from services.publishing.projections import holders, overdue
from shared.eventsourcing.projections.serving import Columns, rows_of

IN_TIME, LATE, NOT_DONE, NOT_DUE, TAKEN_LATE = range(5)


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
    the first due day of what is not done. What was late counts for each who had it while it was
    not; for who took it over later it is `taken_late` and nothing else."""

    owner: str | None
    made: int
    in_time: int
    late: int
    not_done: int
    oldest: date | None
    taken_late: int = 0

    def with_more(self, other: "Kept") -> "Kept":
        """Of the same owner."""
        oldest = min(filter(None, (self.oldest, other.oldest)), default=None)
        figures = ("made", "in_time", "late", "not_done", "taken_late")
        sums = {name: getattr(self, name) + getattr(other, name) for name in figures}
        return Kept(self.owner, oldest=oldest, **sums)

    @property
    def settled(self) -> int:
        """What can be told by now whether it was kept."""
        return self.in_time + self.late + self.not_done

    @property
    def not_due(self) -> int:
        return self.made - self.settled - self.taken_late

    @property
    def share(self) -> float | None:
        """Of `settled`; None of nothing."""
        return self.in_time / self.settled if self.settled else None


def found(connection: Connection, asked: Asked) -> list[Kept]:
    """By name, so that it is no league table; those who are not named come last. What was handed
    over is little, and looked at by itself."""
    checks = rows_of(connection, overdue.read_model)
    had = rows_of(connection, holders.read_model)
    handed_over = checks.c.check.in_(select(had.c.check))
    each = (
        _outcomes(checks, literal(value=True), asked, ~handed_over),
        _outcomes(checks, _is_theirs(checks.c, had), asked, handed_over),
        _had_before(checks, had, asked),
    )
    by_owner: dict[str | None, Kept] = {}
    collates = connection.dialect.name == "postgresql"
    for outcomes in each:
        for row in connection.execute(_counted(outcomes, asked, collates=collates)):
            kept = Kept(*row)
            before = by_owner.get(kept.owner)
            by_owner[kept.owner] = before.with_more(kept) if before else kept
    in_order = sorted(by_owner.values(), key=lambda kept: (kept.owner is None, kept.owner or ""))
    return in_order[: asked.limit]


def _counted(outcomes: Select[Any], asked: Asked, *, collates: bool) -> Select[Any]:
    """In the order of their signs, on every database, so that they can be merged in that."""
    rows = outcomes.subquery().c
    chosen = select(
        rows.owner,
        func.count(),
        _sum(rows.outcome == IN_TIME),
        _sum(rows.outcome == LATE),
        _sum(rows.outcome == NOT_DONE),
        func.min(case((rows.outcome == NOT_DONE, rows.due_on))),
        _sum(rows.outcome == TAKEN_LATE),
    )
    by_name: ColumnElement[str] = rows.owner.collate("C") if collates else rows.owner
    if asked.after is not None:
        chosen = chosen.where(or_(by_name > asked.after, rows.owner.is_(None)))
    chosen = chosen.group_by(rows.owner).order_by(rows.owner.is_(None), by_name)
    return chosen.limit(asked.limit)


def _is_theirs(rows: Columns, had: FromClause) -> ColumnElement[bool]:
    """Whether who has it had it before it was late."""
    own = had.alias()
    theirs = (own.c.check == rows.check, own.c.owner == rows.owner)
    return exists().where(*theirs, or_(own.c.since.is_(None), own.c.since <= rows.due_on))


def _outcomes(
    checks: FromClause, is_theirs: ColumnElement[bool], asked: Asked, which: ColumnElement[bool]
) -> Select[Any]:
    """Of each check, for who has it."""
    rows = checks.c
    is_late = or_(_is_over(rows, asked), rows.late)
    outcome = case(
        (and_(is_late, ~is_theirs), TAKEN_LATE),
        (_is_over(rows, asked), NOT_DONE),
        (rows.done_on.is_(None), NOT_DUE),
        (rows.late, LATE),
        else_=IN_TIME,
    )
    chosen = select(rows.owner, rows.due_on, outcome.label("outcome"))
    return chosen.where(which, *_asked(rows, asked))


def _had_before(checks: FromClause, had: FromClause, asked: Asked) -> Select[Any]:
    """What is late of those who had it before it was, and have it no more: once for each."""
    rows, own = checks.c, had.c
    outcome = case((rows.done_on.is_(None), NOT_DONE), else_=LATE)
    chosen = select(own.owner, rows.due_on, outcome.label("outcome"), rows.check).join_from(
        had, checks, own.check == rows.check
    )
    late = or_(_is_over(rows, asked), rows.late)
    named = (own.owner.is_not(None), or_(rows.owner.is_(None), own.owner != rows.owner))
    in_due_time = or_(own.since.is_(None), own.since <= rows.due_on)
    once = chosen.where(late, in_due_time, *named, *_asked(rows, asked)).distinct().subquery()
    return select(once.c.owner, once.c.due_on, once.c.outcome)


def _is_over(rows: Columns, asked: Asked) -> ColumnElement[bool]:
    waits = overdue.is_paused(rows)
    return and_(rows.done_on.is_(None), rows.due_on < asked.today, ~waits)


def _asked(rows: Columns, asked: Asked) -> Iterator[ColumnElement[bool]]:
    yield rows.withdrawn_on.is_(None)
    yield rows.due_on.between(asked.first, asked.last)
    if "halved_on" in rows:  # halved by its day it was neither kept nor broken: its rest counts
        yield or_(rows.halved_on.is_(None), rows.halved_on > rows.due_on)
    if asked.places is not None:
        yield rows.place.in_(asked.places)
    if asked.sector is not None:
        yield rows.sector == asked.sector


def _sum(is_so: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((is_so, 1), else_=0)), 0)
