"""How commitments were kept, by owner, place, sector or month: from all checks that are public.

Whole months are read from counts; of the days of others, and of what was put off, is paused or was
handed over, which is little, the rows are.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from services.publishing.projections import claimed, overdue, promised
from services.publishing.projections.promised import DISPUTED, LETTERS, OPEN, OWNERS_DIGEST
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import Columns, counts_of, rows_of

By = Literal["owner", "place", "sector", "month"]
A_DAY = timedelta(days=1)
LETTER_AT = OWNERS_DIGEST + promised.MONTH
OUTCOMES = {letter: outcome for outcome, letter in LETTERS.items()}
DONE = "done"
FEW = 200
"""Owners, or others, of whom the oldest is looked for one by one."""

Figures = Counter[str]


@dataclass(frozen=True)
class Asked:
    """Of checks due from `first` to `last`, both of them; what is due before `today` is over. No
    `places` are all, no `sector` is any. `after` a name the next ones, at most `limit`."""

    today: date
    first: date
    last: date
    places: Collection[str] | None = None
    sector: str | None = None
    after: str | None = None
    limit: int = 100
    by: By = "owner"


@dataclass(frozen=True)
class Kept:
    """Of one owner, place, sector or month (`of`, as 2030-01), or of all owners whose words wait
    (None then). `made` is all that is due then; of what is settled or over, `in_time`, `put_off`,
    `late` and `not_done` are all there is: in time is by the day of which it was due at first.
    `oldest` is the first due day of what is not done. By owner, what was late counts for each who
    had it while it was not; for who took it over later it is `taken_late` and nothing else.
    `done` of `settled` are, whenever. `claimed` were claimed done; of these checkers disputed some,
    and found some not so; some they `upheld`, and of the `unchecked` nobody could tell."""

    of: str | None
    made: int = 0
    in_time: int = 0
    put_off: int = 0
    late: int = 0
    not_done: int = 0
    oldest: date | None = None
    taken_late: int = 0
    done: int = 0
    claimed: int = 0
    disputed: int = 0
    refuted: int = 0
    upheld: int = 0
    unchecked: int = 0

    @property
    def settled(self) -> int:
        """What can be told by now whether it was kept."""
        return self.in_time + self.put_off + self.late + self.not_done

    @property
    def not_due(self) -> int:
        return self.made - self.settled - self.taken_late

    @property
    def share(self) -> float | None:
        """In time, of `settled`; None of nothing."""
        return _share(self.in_time, self.settled)

    @property
    def fixed(self) -> float | None:
        """Done, of `settled`."""
        return _share(self.done, self.settled)

    @property
    def undone(self) -> float | None:
        """Found not so, of `claimed`."""
        return _share(self.refuted, self.claimed)

    @property
    def unseen(self) -> float | None:
        """Unchecked, of `claimed`."""
        return _share(self.unchecked, self.claimed)


def _share(part: int, of: int) -> float | None:
    return part / of if of else None


@dataclass
class _Sums:
    """By what is asked for; owners by their digests as long as they are counted."""

    asked: Asked
    by: defaultdict[str, Figures] = field(default_factory=lambda: defaultdict(Counter))
    names: dict[str, str | None] = field(default_factory=dict)
    oldest: dict[str, date] = field(default_factory=dict)

    def key(self, owner: str, month: str, place: str, sector: str) -> str:
        by = self.asked.by
        return {"owner": owner, "month": month, "place": place, "sector": sector}[by]

    def add(self, key: str, outcome: str, number: int, *, done: bool) -> None:
        self.by[key][outcome] += number
        self.by[key][DONE] += number * done

    def add_row(self, key: str, outcome: str, row: Row) -> None:
        """`taken over` is done by whoever it is late for."""
        self.add(key, outcome, 1, done=row["done_on"] is not None and outcome != "taken over")
        if outcome == "not done":
            first = row["first_on"] or row["due_on"]
            self.oldest[key] = min(first, self.oldest.get(key, first))


def found(connection: Connection, asked: Asked) -> list[Kept]:
    """By name, so that it is no league table; those who are not named come last."""
    if asked.first > asked.last:
        return []
    sums = _Sums(asked)
    spans = list(_spans(asked))
    _whole_months(connection, sums, spans)
    for first, last in spans:
        _some_days(connection, sums, first, last)
    _apart(connection, sums)
    if asked.by == "owner":
        _name(connection, sums)
    else:
        sums.names = {key: key for key in sums.by}
    named = sorted((name, key) for key, name in sums.names.items() if name is not None)
    chosen = [pair for pair in named if asked.after is None or pair[0] > asked.after]
    unnamed = [(None, key) for key, name in sums.names.items() if name is None]
    shown = [*chosen, *unnamed][: asked.limit]
    oldest = _oldest(connection, sums, [key for _, key in shown])
    return [_kept(name, sums.by[key], oldest.get(key)) for name, key in shown]


def _kept(name: str | None, figures: Figures, oldest: date | None) -> Kept:
    outcomes = [*LETTERS, "not done", "taken over", "not due"]
    return Kept(
        name,
        made=sum(figures[outcome] for outcome in outcomes),
        in_time=figures["in time"],
        put_off=figures["put off"],
        late=figures["late"],
        not_done=figures["not done"],
        oldest=oldest,
        taken_late=figures["taken over"],
        done=figures[DONE],
        claimed=figures[promised.CLAIMED],
        disputed=figures[DISPUTED],
        refuted=figures[promised.REFUTED],
        upheld=figures[claimed.LETTERS[claimed.UPHELD]],
        unchecked=figures[claimed.LETTERS[claimed.UNCHECKED]],
    )


def _month(day: date) -> str:
    return f"{day.year}{day.month:02}"


def _last_of(day: date) -> date:
    following = day.replace(day=28) + 4 * A_DAY
    return following - timedelta(days=following.day)


def _spans(asked: Asked) -> Iterator[tuple[date, date]]:
    """Days of months of which not all are asked for, or not all are over: each month once."""
    seen = set[str]()
    for day in (asked.first, asked.last, asked.today):
        begin, end = day.replace(day=1), _last_of(day)
        first, last = max(begin, asked.first), min(end, asked.last)
        is_whole = (first, last) == (begin, end) and day != asked.today
        if _month(day) not in seen and first <= last and not is_whole:
            seen.add(_month(day))
            yield first, last


def _whole_months(connection: Connection, sums: _Sums, spans: list[tuple[date, date]]) -> None:
    asked, apart = sums.asked, {_month(first) for first, _ in spans}
    first, last, today = (_month(day) for day in (asked.first, asked.last, asked.today))
    places = None if asked.places is None else frozenset(asked.places)
    for sort, number in counts_of(connection, overdue.read_model).items():
        month, letter = sort[OWNERS_DIGEST:LETTER_AT], sort[LETTER_AT]
        if month in apart or not first <= month <= last:
            continue
        place, _, sector = sort[LETTER_AT + 1 :].partition(" ")
        if places is not None and place not in places:
            continue
        if asked.sector is not None and sector != asked.sector:
            continue
        if letter == OPEN:
            outcome = "not done" if month < today else "not due"
        else:
            outcome = OUTCOMES.get(letter, letter)
        key = sums.key(sort[:OWNERS_DIGEST], f"{month[:4]}-{month[4:]}", place, sector)
        sums.add(key, outcome, number, done=letter in OUTCOMES)


def _some_days(connection: Connection, sums: _Sums, first: date, last: date) -> None:
    """Of one month."""
    rows, asked = rows_of(connection, overdue.read_model).c, sums.asked
    is_over = case((rows.due_on < asked.today, "not done"), else_="not due")
    is_put_off = rows.done_on > rows.due_on
    outcome = case(
        (rows.apart.is_(True), ""),
        (rows.done_on.is_(None), is_over),
        (rows.late, "late"),
        (is_put_off, "put off"),
        else_="in time",
    )
    marks = rows.claimed, rows.refuted, rows.disputed, rows.found
    group = (rows.owner, rows.place, rows.sector, outcome.label("outcome"), *marks)
    chosen = (
        select(*group, func.count().label("number"))
        .where(rows.due_on.between(first, last), *_wanted(rows, asked))
        .group_by(*group)
    )
    letters = promised.CLAIMED, promised.REFUTED, promised.DISPUTED
    for owner, place, sector, told, *marked, looked, number in connection.execute(chosen):
        key = sums.key(promised.digest(owner), f"{first:%Y-%m}", place, sector)
        if told:
            sums.add(key, told, number, done=told in LETTERS)
        for letter, is_so in zip(letters, marked, strict=True):
            if is_so:
                sums.add(key, letter, number, done=False)
        if looked:
            sums.add(key, claimed.LETTERS[looked], number, done=False)


def _apart(connection: Connection, sums: _Sums) -> None:
    rows, asked = rows_of(connection, overdue.read_model).c, sums.asked
    days = rows.due_on.between(asked.first, asked.last)
    chosen = select(rows.check.table).where(rows.apart.is_(True), days, *_wanted(rows, asked))
    for row in map(dict, connection.execute(chosen).mappings()):
        month = f"{row['due_on']:%Y-%m}"
        if asked.by != "owner":
            key = sums.key("", month, row["place"], row["sector"])
            sums.add_row(key, promised.outcome(row, asked.today), row)
            continue
        for owner, outcome in promised.by_owner(row, asked.today):
            key = promised.digest(owner)
            sums.names[key] = owner
            sums.add_row(key, outcome, row)


def _wanted(rows: Columns, asked: Asked) -> Iterator[ColumnElement[bool]]:
    """As `promised.is_counted`, of what is asked for."""
    yield rows.withdrawn_on.is_(None)
    yield rows.of_late.is_not(True)
    yield or_(rows.halved_on.is_(None), rows.halved_on > rows.due_on)
    if asked.places is not None:
        yield rows.place.in_(asked.places)
    if asked.sector is not None:
        yield rows.sector == asked.sector


def _name(connection: Connection, sums: _Sums) -> None:
    """Owners by their digests; each is found at its place in the index, behind the one before."""
    rows = rows_of(connection, overdue.read_model).c
    first = select(func.min(rows.owner).label("owner")).cte("owners", recursive=True)
    behind = select(func.min(rows.owner)).where(rows.owner > first.c.owner).scalar_subquery()
    owners = first.union_all(select(behind).where(first.c.owner.is_not(None)))
    for owner in connection.execute(select(owners.c.owner)).scalars():
        if (key := promised.digest(owner)) in sums.by:
            sums.names[key] = owner


def _oldest(connection: Connection, sums: _Sums, keys: list[str]) -> dict[str, date]:
    """The first due day of what is not done, of some of what was asked for."""
    rows, asked = rows_of(connection, overdue.read_model).c, sums.asked
    found, late = dict(sums.oldest), [key for key in keys if sums.by[key]["not done"]]

    def note(key: str, day: date | None) -> None:
        if day is not None:
            found[key] = min(day, found.get(key, day))

    if asked.by == "month":
        for day in connection.execute(select(rows.due_on).where(*_is_open(rows, asked)).distinct()):
            note(f"{day.due_on:%Y-%m}", day.due_on)
        return found
    column = rows[asked.by]
    if len(late) <= FEW:
        first = select(func.min(rows.due_on)).where(*_is_open(rows, asked))
        for key in late:
            note(key, connection.execute(first.where(column == sums.names[key])).scalar())
        return found
    each = select(column, func.min(rows.due_on)).where(*_is_open(rows, asked)).group_by(column)
    for name, day in connection.execute(each).tuples():
        note(promised.digest(name) if asked.by == "owner" else name, day)
    return found


def _is_open(rows: Columns, asked: Asked) -> Iterator[Any]:
    """And is not apart: of that the oldest is known."""
    yield rows.apart.is_not(True)
    yield and_(rows.done_on.is_(None), rows.due_on < asked.today)
    yield rows.due_on.between(asked.first, asked.last)
    yield from _wanted(rows, asked)
