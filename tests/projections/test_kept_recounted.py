"""How commitments were kept, against a recount that knows the rows of the city's file alone; and by
counts as by rows, whatever happened."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine, delete, select

from deploy.feeding.demo import FILE, MAPPING
from deploy.feeding.tables import read_rows
from services.intake.domain.check import OpenCheck, decider
from services.intake.domain.claiming import ClaimDone
from services.publishing.projections import kept, overdue, promised
from services.publishing.public import gate
from shared.contracts.check import CheckOpened
from shared.contracts.event import Event
from shared.contracts.inbox import CommitmentDone, CommitmentMade
from shared.eventsourcing.projections.prepare import prepare
from shared.eventsourcing.projections.read_model import Row
from shared.mapping import Mapping
from shared.testing.examples import (
    PUBLIC_CHECK_HALVED,
    PUBLIC_CHECK_HANDED_OVER,
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_PAUSED,
    PUBLIC_CLAIM_REFUTED,
    PUBLIC_CLAIM_UNCHECKED,
    PUBLIC_CLAIM_UPHELD,
    PUBLIC_DONE_CLAIMED,
    PUBLIC_DUE_DATE_MOVED,
    PUBLIC_WITHDRAWN,
    recorded,
    varied,
)

ROWS, TODAY = 4_000, date(2011, 11, 17)
BOSTON = ZoneInfo("America/New_York")
EVER = date(1900, 1, 1), date(2999, 12, 31)
few = settings(
    max_examples=max(settings().max_examples // 2, 1),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    found = create_engine("sqlite://")
    prepare(found, [overdue.read_model])
    return found


def write(connection: Connection, events: Sequence[Event]) -> None:
    for table in overdue.read_model.tables:
        connection.execute(delete(table))
    numbered = enumerate(events, 1)
    overdue.read_model.write(connection, [recorded(event, number) for number, event in numbered])


def published(rows: list[dict[str, str]]) -> list[Event]:
    """What the suite makes of rows of the file, without its servers."""
    to_public, states, found = gate(b"a key for tests", BOSTON), dict[str, Any](), list[Event]()
    for each in Mapping(MAPPING).events(rows):
        if each.kind not in ("commitment.made", "commitment.done"):
            continue
        command: Any
        body = each.outgoing().body
        if each.kind == "commitment.made":
            made = CommitmentMade.model_validate_json(body)
            named = {"check_id": f"{int(made.commitment):032x}", "source": "boston"}
            said = made.model_dump(include={"owner", "task", "place", "sector", "due_at"})
            more = {"source_id": made.commitment, "opened_at": made.made_at, "passed": True}
            more |= {"report_id": None}
            command = OpenCheck(CheckOpened(**named, **said, **more, confidential=False))
        else:
            done = CommitmentDone.model_validate_json(body)
            check_id = f"{int(done.commitment):032x}"
            command = ClaimDone(check_id, done.owner, done.done_at, done.done_at)
        state = states.get(command.check_id, decider.initial_state)
        for event in decider.decide(command, state):
            state = decider.evolve(state, event)
            if told := to_public(event):
                found.append(told)
        states[command.check_id] = state
    return found


def recount(rows: list[dict[str, str]], by: str) -> dict[str, Counter[str]]:
    """From target_dt and closed_dt, as they stand there; whoever wrote this did not look at how it
    is done elsewhere."""
    found: dict[str, Counter[str]] = {}
    for row in rows:
        if not row["target_dt"].strip():
            continue
        due = datetime.fromisoformat(row["target_dt"])
        closed = datetime.fromisoformat(row["closed_dt"]) if row["closed_dt"].strip() else None
        name = row["department"] if by == "owner" else f"{due:%Y-%m}"
        if closed is None:
            outcome = "not_done" if due.date() < TODAY else "not_due"
        else:
            outcome = "in_time" if closed <= due else "late"
        found.setdefault(name, Counter())[outcome] += 1
    return found


def test_the_citys_own_rows_counted_another_way_give_the_same(engine: Engine) -> None:
    rows = list(islice(read_rows(FILE), ROWS))
    names = ("in_time", "late", "not_done", "not_due")
    ways: tuple[kept.By, ...] = ("owner", "month")
    with engine.begin() as connection:
        write(connection, published(rows))
        for by in ways:
            told = kept.found(connection, kept.Asked(TODAY, *EVER, by=by))
            ours = {each.of: {name: getattr(each, name) for name in names} for each in told}
            wanted = recount(rows, by)
            assert ours == {of: {name: each[name] for name in names} for of, each in wanted.items()}
            assert sum(each["late"] + each["not_done"] for each in wanted.values()) > 200


NUMBERS = st.integers(1, 6)
DAYS = st.integers(0, 90).map(lambda days: date(2030, 1, 10) + timedelta(days=days))
OWNERS = st.sampled_from(["Parks", "Water", None])
CHANGES = (
    *(PUBLIC_CHECK_HALVED, PUBLIC_CHECK_HANDED_OVER, PUBLIC_CHECK_PAUSED, PUBLIC_CLAIM_REFUTED),
    *(PUBLIC_DONE_CLAIMED, PUBLIC_DUE_DATE_MOVED, PUBLIC_WITHDRAWN),
    *(PUBLIC_CLAIM_UPHELD, PUBLIC_CLAIM_UNCHECKED),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    opened = [
        varied(PUBLIC_CHECK_OPENED, check=f"{number:032x}", owner=draw(OWNERS), due_on=draw(DAYS))
        for number in range(1, 7)
    ]
    return [*opened, *(draw(change()) for _ in range(draw(st.integers(0, 12))))]


@st.composite
def change(draw: st.DrawFn) -> Event:
    event, check = draw(st.sampled_from(CHANGES)), f"{draw(NUMBERS):032x}"
    said: dict[str, Any] = {"id": check} if event is PUBLIC_WITHDRAWN else {"check": check}
    said |= {"on": draw(DAYS)} if event is not PUBLIC_DONE_CLAIMED else {"done_on": draw(DAYS)}
    if event is PUBLIC_DUE_DATE_MOVED:
        said |= {"due_on": draw(DAYS), "old_due_on": draw(DAYS), "why": "more-time"}
    if event is PUBLIC_CHECK_HANDED_OVER:
        said |= {"owner": draw(OWNERS), "to": draw(OWNERS)}
    if event is PUBLIC_CHECK_HALVED:
        said |= {"rest": f"{draw(NUMBERS):032x}"}
    return varied(event, **said)  # type: ignore[no-any-return]


@few
@given(histories(), DAYS, DAYS, DAYS, st.sampled_from(["owner", "place", "sector", "month"]))
def test_whole_months_by_counts_and_days_by_rows_are_the_same(
    engine: Engine, events: list[Event], today: date, first: date, last: date, by: kept.By
) -> None:
    with engine.begin() as connection:
        write(connection, events)
        rows = [dict(each) for each in connection.execute(select(overdue.overdue)).mappings()]
        for days in (EVER, (first, last)):
            asked = kept.Asked(today, *days, by=by)
            told = {each.of: each for each in kept.found(connection, asked)}
            assert {name: _outcomes(each) for name, each in told.items()} == _summed(rows, asked)
            assert kept.found(connection, replace(asked, limit=1)) == list(told.values())[:1]


def _outcomes(each: kept.Kept) -> Counter[str]:
    figures = each.in_time, each.put_off, each.late, each.not_done, each.taken_late, each.not_due
    names = "in time", "put off", "late", "not done", "taken over", "not due"
    marks = {"claimed": each.claimed, "refuted": each.refuted, "disputed": each.disputed}
    marks |= {"upheld": each.upheld, "unchecked": each.unchecked}
    return Counter(dict(zip(names, figures, strict=True)) | marks)


def _summed(rows: list[Row], asked: kept.Asked) -> dict[str | None, Counter[str]]:
    found: dict[str | None, Counter[str]] = {}
    for row in rows:
        if not (promised.is_counted(row) and asked.first <= row["due_on"] <= asked.last):
            continue
        own = f"{row['due_on']:%Y-%m}" if asked.by == "month" else row[asked.by]
        if asked.by == "owner":
            told = list(promised.by_owner(row, asked.today))
        else:
            told = [(own, promised.outcome(row, asked.today))]
        for name, outcome in told:
            found.setdefault(name, Counter())[outcome] += 1
        for mark in ("claimed", "refuted", "disputed"):
            if row[mark]:
                found.setdefault(own, Counter())[mark] += 1
        if row["found"]:
            found.setdefault(own, Counter())[row["found"]] += 1
    return found
