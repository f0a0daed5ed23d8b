"""A petition that reached its number is one commitment, however often that is told, and its answer
does it."""

from datetime import timedelta

import pytest
from nats.aio.client import Client

from services.intake.domain import check, report
from services.intake.domain.answered import AnswerItError, ClaimAnswered
from services.intake.domain.check import RaiseOverdue
from services.intake.domain.check_state import Opened
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.due import DueRules, Rule
from services.intake.reactions.petitions import petitions
from services.promotion.domain.petition import NoteOwed
from services.promotion.reactions import REACTIONS
from shared.contracts.check import CheckOpened, DoneClaimed
from shared.contracts.party import Parties, Party
from shared.contracts.petition import SOURCE
from shared.eventsourcing.codec import Codec
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.testing.examples import (
    CHECK_OPENED,
    DAY,
    MONDAY,
    PETITION_ANSWERED,
    PETITION_ID,
    PETITION_REACHED,
    recorded,
)

KNOWN = [check.category, report.category]
BY_RULE = DueRules([Rule("answers", 3, 10, "calendar", owners=frozenset(("works",)))])
WORKS = Parties([Party("works", "Works", ("Public Works",))])
(OWED,) = [each for each in REACTIONS if each.name == "owed"]


def opened(rules: DueRules = DueRules(), parties: Parties = Parties()) -> CheckOpened:  # noqa: B008
    (asked,) = petitions(rules, parties).ask(recorded(PETITION_REACHED, 1))
    assert isinstance(asked.command, check.OpenCheck)
    return asked.command.opened


def test_the_due_day_is_by_the_charters_rule_or_else_by_the_petitions_days() -> None:
    assert opened().due_at.date() == (MONDAY + 30 * DAY).date()
    assert opened().owner == "Public Works"
    by_rule = opened(BY_RULE, WORKS)
    assert by_rule.owner == "Works", "as the charter calls that party"
    assert by_rule.due_at.date() == (MONDAY + 10 * DAY).date()
    assert by_rule.reckoning is not None
    assert by_rule.reckoning.rule == "answers"


async def test_told_again_or_after_a_kill_it_opens_exactly_one(nats: Client) -> None:
    """Killed between the event and the check, or between the check and what was noted of it."""
    store = JetStreamEventStore(nats, Codec())
    reaction = petitions(DueRules())
    reached = recorded(PETITION_REACHED, 7)
    for _ in range(3):  # a process that knows nothing of those before
        handler = CommandHandler(store, KNOWN, lambda: MONDAY)
        for envelope in reaction.ask(reached):
            await handler.carry_out(envelope)
    info = await nats.jetstream().stream_info("INTAKE")
    assert info.state.messages == 1
    state = await CommandHandler(store, KNOWN, lambda: MONDAY).state_after(
        RaiseOverdue(PETITION_ID, MONDAY, MONDAY)
    )
    assert isinstance(state, Opened)
    answered = recorded(PETITION_ANSWERED.model_copy(update={"at": MONDAY + DAY}), 8)
    for _ in range(2):
        handler = CommandHandler(store, KNOWN, lambda: MONDAY + DAY)
        for envelope in reaction.ask(answered):
            await handler.carry_out(envelope)
    assert (await nats.jetstream().stream_info("INTAKE")).state.messages == 2


def test_it_is_done_by_its_answer_alone_whoever_owns_it() -> None:
    decider = check.category.decider
    state = decider.fold([opened()])
    claim = ClaimDone(PETITION_ID, "Public Works", MONDAY + DAY, MONDAY + DAY)
    with pytest.raises(AnswerItError):
        decider.decide(claim, state)
    (done,) = decider.decide(ClaimAnswered(PETITION_ID, MONDAY + DAY, MONDAY + DAY), state)
    assert isinstance(done, DoneClaimed)
    assert not done.late
    ahead = ClaimAnswered(PETITION_ID, MONDAY + 2 * DAY, MONDAY + DAY)
    (done,) = decider.decide(ahead, state)
    assert isinstance(done, DoneClaimed)
    assert done.done_at == MONDAY + DAY, "a clock that is ahead makes nothing of it"
    late = MONDAY + 31 * DAY + timedelta(hours=1)
    overdue, done = decider.decide(ClaimAnswered(PETITION_ID, late, late), state)
    assert isinstance(done, DoneClaimed)
    assert done.late
    assert overdue.check_id == PETITION_ID
    over = decider.fold([opened(), done])
    assert decider.decide(ClaimAnswered(PETITION_ID, late, late), over) == []


def test_the_day_is_noted_of_its_own_check_alone() -> None:
    own = opened()
    (asked,) = OWED.ask(recorded(own, 3))
    noted = recorded(own, 3).recorded_at
    assert asked.command == NoteOwed(PETITION_ID, own.due_at, noted)
    rest = own.model_copy(update={"check_id": "5" * 32})
    assert own.source == SOURCE
    assert OWED.ask(recorded(rest, 4)) == []
    assert OWED.ask(recorded(CHECK_OPENED, 5)) == []
