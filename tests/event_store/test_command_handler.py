"""Many commands at once: each gets its outcome, and none costs another anything."""

from dataclasses import replace
from typing import Any

import pytest

from services.intake.domain import check, report
from services.intake.domain.check import NotOpenedError, NotTheOwnerError, OpenCheck
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.report import AnswerReport, ConfirmReport, FileReport, NotFiledError
from shared.contracts.identity import aggregate_id
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.eventsourcing.event_store import AggregateKey, EventStore
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.testing.examples import CHECK_OPENED, DAY, MONDAY, REPORT_FILED, varied


def handler(store: EventStore, **options: Any) -> CommandHandler:
    return CommandHandler(store, (report.category, check.category), lambda: MONDAY, **options)


def report_id(number: int) -> str:
    return aggregate_id("report", "boston", str(number))


def file(number: int, text: str = "The lamp is out.") -> Envelope:
    filed = varied(REPORT_FILED, report_id=report_id(number), text=text)
    return Envelope(FileReport(filed), id=f"file {number}", cause=f"INBOX_BOSTON/{number}")


def confirm(number: int) -> Envelope:
    command = ConfirmReport(report_id(number), "Case resolved", MONDAY)
    return Envelope(command, id=f"confirm {number}", cause=f"INBOX_BOSTON/{1000 + number}")


def answer(number: int, text: str) -> Envelope:
    return Envelope(AnswerReport(report_id(number), text, MONDAY), id=f"answer {number} {text}")


LATE = CHECK_OPENED.due_at + DAY
OPEN = Envelope(OpenCheck(varied(CHECK_OPENED, report_id=None)), id="open")
CLAIM = Envelope(ClaimDone(CHECK_OPENED.check_id, "Public Works", MONDAY, MONDAY), id="claim")


async def _events(store: EventStore, number: int) -> list[str]:
    key = AggregateKey("intake", "report", report_id(number))
    return [type(recorded.event).__name__ for recorded in await store.load(key)]


def _summary(outcomes: list[Outcome]) -> list[tuple[int, int, bool]]:
    assert [outcome.error for outcome in outcomes] == [None] * len(outcomes)
    return [(outcome.sequence, outcome.new_events, outcome.duplicate) for outcome in outcomes]


async def test_many_commands_are_handled_in_one_go_and_answered_in_order(store: EventStore) -> None:
    outcomes = await handler(store).handle([file(number) for number in range(1200)])
    assert _summary(outcomes) == [(number + 1, 1, False) for number in range(1200)]
    assert [outcome.aggregate_id for outcome in outcomes[:2]] == [report_id(0), report_id(1)]


async def test_events_stand_in_the_log_in_the_order_of_their_commands(store: EventStore) -> None:
    """Also those of one aggregate that others come between, whatever was handled together."""
    commands = [file(1), file(2), confirm(1), answer(1, "Thanks."), confirm(2)]
    outcomes = await handler(store).handle(commands)
    assert _summary(outcomes) == [(number, 1, False) for number in range(1, 6)]
    assert await _events(store, 1) == ["ReportFiled", "ReportConfirmed", "ReportAnswered"]
    assert await _events(store, 2) == ["ReportFiled", "ReportConfirmed"]


async def test_the_same_message_again_is_a_redelivery_and_gets_the_same_outcome(
    store: EventStore,
) -> None:
    """Whether the handler still remembers it or has started anew."""
    once = handler(store)
    await once.handle([file(1), file(2)])
    for again in (once, handler(store)):
        assert _summary(await again.handle([file(2)])) == [(2, 0, False)]


async def test_the_same_command_from_another_message_is_a_duplicate(store: EventStore) -> None:
    once = handler(store)
    await once.handle([file(1), file(2)])
    other = file(2)._replace(cause="INBOX_BOSTON/77")
    for again in (once, handler(store)):
        assert _summary(await again.handle([other])) == [(2, 0, True)]


async def test_a_duplicate_within_a_batch_changes_nothing(store: EventStore) -> None:
    batch = [file(1), file(2), file(2)._replace(cause="INBOX_BOSTON/77"), confirm(2), confirm(2)]
    outcomes = await handler(store).handle(batch)
    expected = [(1, 1, False), (2, 1, False), (2, 0, True), (3, 1, False), (3, 0, True)]
    assert _summary(outcomes) == expected
    assert await _events(store, 2) == ["ReportFiled", "ReportConfirmed"]


async def test_what_is_so_already_changes_nothing_and_names_the_last_event(
    store: EventStore,
) -> None:
    once = handler(store)
    await once.handle([file(1), file(2), confirm(1)])
    again = confirm(1)._replace(id="confirm 1 once more")
    assert _summary(await once.handle([again])) == [(3, 0, True)]


async def test_a_forbidden_command_costs_nobody_else_anything(store: EventStore) -> None:
    outcomes = await handler(store).handle([file(1), confirm(99), file(2), CLAIM, confirm(2)])
    assert [type(outcome.error) for outcome in outcomes] == [
        type(None),
        NotFiledError,
        type(None),
        NotOpenedError,
        type(None),
    ]
    assert await _events(store, 1) == ["ReportFiled"]
    assert await _events(store, 2) == ["ReportFiled", "ReportConfirmed"]


async def test_a_command_that_breaks_the_decider_costs_nobody_else_anything(
    store: EventStore,
) -> None:
    broken = answer(1, "no event may say \0")
    outcomes = await handler(store).handle([file(1), broken, file(3)])
    assert isinstance(outcomes[1].error, ValueError)
    assert [outcome.error for outcome in (outcomes[0], outcomes[2])] == [None, None]
    assert await _events(store, 3) == ["ReportFiled"]


async def test_each_event_has_its_place_among_those_of_its_aggregate(store: EventStore) -> None:
    """Also where a command leads to several, and where several commands come in one batch."""
    late = replace(CLAIM.command, done_at=LATE, now=LATE)
    await handler(store).handle([OPEN, CLAIM._replace(command=late)])
    loaded = await store.load(AggregateKey("intake", "check", CHECK_OPENED.check_id))
    assert [(type(r.event).__name__, r.revision) for r in loaded] == [
        ("CheckOpened", 1),
        ("CheckOverdue", 2),
        ("DoneClaimed", 3),
    ]
    assert len({recorded.id for recorded in loaded}) == 3


async def test_a_refusal_is_not_held_against_what_comes_later(store: EventStore) -> None:
    once = handler(store)
    await once.handle([CLAIM])
    outcomes = await once.handle([OPEN, CLAIM._replace(id="claim again")])
    assert [outcome.error for outcome in outcomes] == [None, None]


async def test_only_fresh_knowledge_refuses_what_another_handler_made_possible(
    store: EventStore,
) -> None:
    """A remembered state may be stale; without an append the log has no chance to say so."""
    one, other = handler(store), handler(store)
    (early,) = await one.handle([CLAIM])
    assert isinstance(early.error, NotOpenedError)
    await other.handle([OPEN])
    (outcome,) = await one.handle([CLAIM._replace(id="claim again")])
    assert outcome.error is None


async def test_only_fresh_knowledge_calls_a_command_repeated(store: EventStore) -> None:
    one, other = handler(store), handler(store)
    await one.handle([file(1), answer(1, "Yes.")])
    await other.handle([answer(1, "No.")])
    (outcome,) = await one.handle([answer(1, "Yes.")._replace(id="yes again")])
    assert outcome.new_events == 1
    assert len(await _events(store, 1)) == 4


async def test_a_refusal_by_fresh_knowledge_stands(store: EventStore) -> None:
    one = handler(store)
    await one.handle([OPEN])
    theirs = CLAIM._replace(command=replace(CLAIM.command, owner="Parks"))
    (outcome,) = await one.handle([theirs])
    assert isinstance(outcome.error, NotTheOwnerError)


async def test_a_handler_that_remembers_nothing_decides_the_same(store: EventStore) -> None:
    forgetful = handler(store, remembered_bytes=0)
    await forgetful.handle([file(number) for number in range(5)])
    outcomes = await forgetful.handle([confirm(number) for number in range(5)])
    assert [outcome.new_events for outcome in outcomes] == [1] * 5
    assert _summary(await forgetful.handle([confirm(3)])) == [(9, 0, False)]


@pytest.mark.parametrize("number_of_commands", [501, 1500])
async def test_one_aggregate_may_get_more_commands_at_once_than_fit_into_a_batch(
    store: EventStore, number_of_commands: int
) -> None:
    commands = [file(1), *(answer(1, str(number)) for number in range(number_of_commands))]
    outcomes = await handler(store).handle(commands)
    assert _summary(outcomes) == [(n + 1, 1, False) for n in range(len(commands))]
    assert len(await _events(store, 1)) == len(commands)


async def test_what_another_aggregate_says_is_seen_in_the_same_batch(store: EventStore) -> None:
    """And what that one comes to by an earlier command; where it can't be known, nothing is
    decided, and nothing else is kept up by that."""
    hidden = varied(REPORT_FILED, confidential=True, report_id=report_id(1))
    following = [
        varied(CHECK_OPENED, check_id=f"{n:032x}", report_id=report_id(n)) for n in (1, 2, 3)
    ]
    envelopes = [
        Envelope(FileReport(hidden), id="hidden"),
        file(2),
        *(Envelope(OpenCheck(each), id=f"open {each.check_id}") for each in following),
    ]
    for one in (handler(store), handler(store)):
        outcomes = await one.handle(envelopes)
        assert [outcome.new_events for outcome in outcomes] in ([1, 1, 1, 1, 2], [0] * 5)
    keys = [AggregateKey("intake", "check", each.check_id) for each in following]
    opened = [(await store.load(key))[0].event for key in keys]
    assert [getattr(each, "shielded", None) for each in opened] == [True, False, False]


def test_a_command_whose_other_aggregate_nobody_knows_is_told_at_the_start() -> None:
    with pytest.raises(ValueError, match="report"):
        CommandHandler(InMemoryEventStore(), (check.category,), lambda: MONDAY)


async def test_commands_wait_for_what_they_are_decided_with(store: EventStore) -> None:
    one = handler(store)
    follows, alone = Envelope(OpenCheck(CHECK_OPENED), id="follows"), OPEN
    report = AggregateKey("intake", "report", str(CHECK_OPENED.report_id))
    assert one.keys([follows]) - one.keys([alone]) == {report}


async def test_what_another_process_changed_is_seen_in_the_state(store: EventStore) -> None:
    """A page at one replica tells what somebody did at the other."""
    one, other = handler(store), handler(store)
    await one.handle([file(1)])
    asked = AnswerReport(report_id(1), "Thanks.", MONDAY)
    before = await one.state_after(asked)
    await other.handle([answer(1, "Thanks.")])
    state = await one.state_after(asked)
    assert (before.last_answer, state.last_answer) == (None, report.digest("Thanks."))
    assert await one.state_after(asked) is state, "and is loaded once"
