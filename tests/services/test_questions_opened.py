"""A question that was let through is one commitment, however often that is told, and its answer
does it."""

import pytest
from nats.aio.client import Client

from services.intake.domain import check, report
from services.intake.domain.answered import AnswerItError, ClaimAnswered
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.due import DueRules, Rule
from services.intake.reactions.questions import questions
from shared.contracts.check import CheckOpened, DoneClaimed
from shared.contracts.party import Parties, Party
from shared.eventsourcing.codec import Codec
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.testing.examples import (
    ANSWER_CORRECTED,
    DAY,
    MONDAY,
    QUESTION_ANSWERED,
    QUESTION_ID,
    QUESTION_PASSED,
    recorded,
)

KNOWN = [check.category, report.category]
BY_RULE = DueRules([Rule("answers", 3, 10, "calendar", owners=frozenset(("works",)))])
WORKS = Parties([Party("works", "Works", ("Public Works",))])


def opened(rules: DueRules = DueRules(), parties: Parties = Parties()) -> CheckOpened:  # noqa: B008
    (asked,) = questions(rules, parties).ask(recorded(QUESTION_PASSED, 1))
    assert isinstance(asked.command, check.OpenCheck)
    return asked.command.opened


def test_the_due_day_is_by_the_charters_rule_or_else_by_the_questions_days() -> None:
    assert opened().due_at.date() == (MONDAY + 30 * DAY).date()
    by_rule = opened(BY_RULE, WORKS)
    assert by_rule.owner == "Works", "as the charter calls that party"
    assert by_rule.due_at.date() == (MONDAY + 10 * DAY).date()


async def test_told_again_or_after_a_kill_it_opens_and_does_exactly_one(nats: Client) -> None:
    """Also where the answer is corrected: what is done is done."""
    store, reaction = JetStreamEventStore(nats, Codec()), questions(DueRules())
    told = [
        recorded(QUESTION_PASSED, 7),
        recorded(QUESTION_ANSWERED, 8),
        recorded(ANSWER_CORRECTED, 9),
    ]
    for each, there in zip(told, (1, 2, 2), strict=True):
        for _ in range(3):  # a process that knows nothing of those before
            handler = CommandHandler(store, KNOWN, lambda: MONDAY + 2 * DAY)
            for envelope in reaction.ask(each):
                await handler.carry_out(envelope)
        assert (await nats.jetstream().stream_info("INTAKE")).state.messages == there


def test_it_is_done_by_its_answer_alone_whoever_owns_it() -> None:
    decider = check.category.decider
    state = decider.fold([opened()])
    claim = ClaimDone(QUESTION_ID, "Public Works", MONDAY + DAY, MONDAY + DAY)
    with pytest.raises(AnswerItError):
        decider.decide(claim, state)
    (done,) = decider.decide(ClaimAnswered(QUESTION_ID, MONDAY + DAY, MONDAY + DAY), state)
    assert isinstance(done, DoneClaimed)
    late = MONDAY + 31 * DAY
    _, done = decider.decide(ClaimAnswered(QUESTION_ID, late, late), state)
    assert isinstance(done, DoneClaimed)
    assert done.late
