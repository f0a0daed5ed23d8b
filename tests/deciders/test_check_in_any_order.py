"""Whatever order claims and sweeps come in, a check is overdue exactly when it was."""

from contextlib import suppress
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.check import CheckCommand, NotYetError, RaiseOverdue, decider
from services.intake.domain.claiming import ClaimDone
from shared.contracts.check import CheckEvent, CheckOverdue, DoneClaimed, OverdueWithdrawn
from shared.testing.examples import CHECK_ID, CHECK_OPENED

DUE = CHECK_OPENED.due_at
OWNER = CHECK_OPENED.owner

moments = st.integers(-3, 3).map(lambda hours: DUE + timedelta(hours=hours))
LATE_ENOUGH = DUE + timedelta(hours=3)
claims = st.builds(ClaimDone, st.just(CHECK_ID), st.just(OWNER), moments, st.just(LATE_ENOUGH))
sweeps = st.builds(RaiseOverdue, st.just(CHECK_ID), st.just(DUE), moments)
at_any_time = st.builds(ClaimDone, st.just(CHECK_ID), st.just(OWNER), moments, moments)
stories = st.lists(claims | sweeps, max_size=8)


def _live(commands: list[CheckCommand]) -> list[CheckEvent]:
    """Every command decided on the state that the ones before it left."""
    events: list[CheckEvent] = [CHECK_OPENED]
    for command in commands:
        events += decider.decide(command, decider.fold(events))
    return events


def _first_claim(commands: list[CheckCommand]) -> int | None:
    return next((i for i, command in enumerate(commands) if isinstance(command, ClaimDone)), None)


def _swept_before(commands: list[CheckCommand], end: int | None) -> bool:
    return any(isinstance(c, RaiseOverdue) and c.now > DUE for c in commands[:end])


def _count(events: list[CheckEvent], kind: type[CheckEvent]) -> int:
    return sum(isinstance(event, kind) for event in events)


@given(stories)
def test_a_check_is_raised_and_claimed_and_withdrawn_at_most_once(
    commands: list[CheckCommand],
) -> None:
    events = _live(commands)
    for kind in (CheckOverdue, DoneClaimed, OverdueWithdrawn):
        assert _count(events, kind) <= 1


@given(stories)
def test_it_is_overdue_exactly_if_a_sweep_saw_no_claim_by_the_due_date_or_the_claim_was_late(
    commands: list[CheckCommand],
) -> None:
    first = _first_claim(commands)
    claim = commands[first] if first is not None else None
    late = isinstance(claim, ClaimDone) and claim.done_at > DUE
    expected = late or _swept_before(commands, first)
    assert _count(_live(commands), CheckOverdue) == expected


@given(stories)
def test_it_is_withdrawn_exactly_if_a_claim_in_time_arrived_after_the_sweep(
    commands: list[CheckCommand],
) -> None:
    first = _first_claim(commands)
    claim = commands[first] if first is not None else None
    in_time = isinstance(claim, ClaimDone) and claim.done_at <= DUE
    expected = in_time and _swept_before(commands, first)
    assert _count(_live(commands), OverdueWithdrawn) == expected


@given(stories, claims)
def test_in_the_end_only_when_it_was_done_decides_if_it_was_late(
    sweeps_and_claims: list[CheckCommand], claim: ClaimDone
) -> None:
    """However early or late the sweeps come: what stands at the end depends on the claim alone."""
    only_sweeps = [c for c in sweeps_and_claims if isinstance(c, RaiseOverdue)]
    last_sweep = RaiseOverdue(CHECK_ID, DUE, _long_after())
    for position in range(len(only_sweeps) + 1):
        commands: list[CheckCommand] = list(only_sweeps)
        commands.insert(position, claim)
        events = _live([*commands, last_sweep])
        standing = _count(events, CheckOverdue) - _count(events, OverdueWithdrawn)
        assert standing == (claim.done_at > DUE)


@given(st.lists(at_any_time | sweeps, max_size=8))
def test_nothing_is_overdue_before_its_due_date_whatever_is_claimed(
    commands: list[CheckCommand],
) -> None:
    events: list[CheckEvent] = [CHECK_OPENED]
    for command in commands:
        with suppress(NotYetError):
            decided = decider.decide(command, decider.fold(events))
            assert _count(decided, CheckOverdue) == 0 or command.now > DUE  # type: ignore[union-attr]
            events += decided


@given(stories, st.data())
def test_every_command_sent_again_at_any_later_time_changes_nothing(
    commands: list[CheckCommand], data: st.DataObject
) -> None:
    repeated: list[CheckCommand] = []
    for command in commands:
        repeated.append(command)
        repeated += data.draw(st.lists(st.sampled_from(repeated), max_size=2))
    assert _live(repeated) == _live(commands)


def _long_after() -> datetime:
    return DUE + timedelta(days=3650)
