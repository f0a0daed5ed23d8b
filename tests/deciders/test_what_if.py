"""What if: the same decider over the real log, with other tracks."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from crediting import credit, credits_within, tracks
from hypothesis import given
from hypothesis import strategies as st

from services.promotion.domain.member import (
    CreditReport,
    EndGrace,
    MemberCommand,
    NoteRefutation,
    category,
)
from services.promotion.domain.track import Track
from services.promotion.domain.what_if import Change, Replay
from shared.contracts.member import MemberEvent, MemberQualified, ReportCredited
from shared.testing.examples import REFUTATION_NOTED, varied

FEW = Track("few", 1, "Few", 2, 1, 1, 1.0)
MANY = Track("many", 1, "Many", 3, 1, 1, 1.0)
ONE, OTHER = "1" * 32, "2" * 32


def lived(commands: Sequence[MemberCommand], judged_by: Sequence[Track]) -> list[MemberEvent]:
    """The log that members leave."""
    decider = category(judged_by).decider
    states, log = dict[str, object](), list[MemberEvent]()
    for command in commands:
        state = states.get(command.member_id, decider.initial_state)
        events = list(decider.decide(command, state))
        states[command.member_id] = reduce(decider.evolve, events, state)
        log += events
    return log


def replayed(log: Sequence[MemberEvent], judged_by: Sequence[Track]) -> Replay:
    replay = Replay(judged_by)
    for event in log:
        replay.take(event)
    return replay


def work(member: str, reports: int) -> list[MemberCommand]:
    first = int(member[0]) * 100
    return [CreditReport(credit(day, first, member=member)) for day in range(reports)]


def test_who_gains_loses_and_keeps_is_told_by_track() -> None:
    log = lived([*work(ONE, 3), *work(OTHER, 2)], [FEW, MANY])
    found = replayed(log, [replace(FEW, version=2, confirmed=3), replace(MANY, confirmed=2)])
    assert found.changes() == [
        Change("few", 2, gain=[], lose=[OTHER], keep=[ONE]),
        Change("many", 1, gain=[OTHER], lose=[], keep=[ONE]),
    ]
    (lack,) = found.lacks(OTHER, "few")
    assert (lack.what, lack.wanted, lack.has) == ("confirmed", 3, 2)


def test_a_track_that_is_gone_is_lost_and_a_new_one_gained() -> None:
    found = replayed(lived(work(ONE, 3), [FEW]), [MANY])
    assert found.changes() == [Change("many", 1, [ONE], [], []), Change("few", 0, [], [ONE], [])]
    assert list(found.lacks(ONE, "few")) == []


@st.composite
def _commands(draw: st.DrawFn) -> list[MemberCommand]:
    found: list[MemberCommand] = []
    for number, each in enumerate(draw(credits_within(60))):
        member = draw(st.sampled_from([ONE, OTHER]))
        if draw(st.integers(0, 4)):
            found.append(CreditReport(varied(each, member_id=member)))
        else:
            noted = varied(
                REFUTATION_NOTED, member_id=member, report_id=f"{number:032x}", on=each.on
            )
            found.append(NoteRefutation(noted))
    return found


def _grace_is_over(commands: list[MemberCommand]) -> list[MemberCommand]:
    """As the calendar says it, by the newest day of the log."""
    days = [each.credited.on for each in commands if isinstance(each, CreditReport)]
    days += [each.noted.on for each in commands if isinstance(each, NoteRefutation)]
    return [EndGrace(each, max(days)) for each in (ONE, OTHER)] if days else []


@given(_commands(), tracks, st.sampled_from([0, 5, 30]))
def test_under_the_tracks_of_the_log_everybody_keeps_what_they_have(
    commands: list[MemberCommand], track: Track, grace: int
) -> None:
    """And what lapses by them has lapsed there."""
    judged_by = [track, replace(track, name="second", after=("drawn",), days=2)]
    judged_by[0] = replace(track, grace_days=grace)
    log = lived([*commands, *_grace_is_over(commands)], judged_by)
    assert [(each.gain, each.lose) for each in replayed(log, judged_by).changes()] == [([], [])] * 2


@given(_commands(), tracks, tracks)
def test_under_others_it_is_what_a_suite_with_these_would_have_said(
    commands: list[MemberCommand], real: Track, other: Track
) -> None:
    """And a second replay says the same, byte for byte."""
    log = lived(commands, [real])
    elsewhere = lived(commands, [other])
    holds = {each.member_id: each.on for each in elsewhere if isinstance(each, MemberQualified)}
    found = replayed(log, [other])
    (change,) = found.changes()
    assert {
        member: each.would["drawn"] for member, each in found.members.items() if each.would
    } == holds
    assert sorted(change.gain + change.keep) == sorted(holds)
    assert repr(found.changes()) == repr(replayed(log, [other]).changes())


def test_credits_alone_make_it_not_the_qualifications_of_the_log() -> None:
    log = [each for each in lived(work(ONE, 3), [FEW]) if isinstance(each, ReportCredited)]
    assert replayed(log, [FEW]).changes() == [Change("few", 1, [ONE], [], [])]
