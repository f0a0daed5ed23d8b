"""A question that an editor let through is a commitment of the body, and its answer does it."""

from collections.abc import Sequence

from services.intake.domain.answered import ClaimAnswered
from services.intake.domain.check import OpenCheck
from services.intake.domain.due import Due, DueRules, NoRuleError
from shared.contracts.check import CheckOpened
from shared.contracts.party import NO_PARTIES, Parties
from shared.contracts.question import SOURCE, AnswerCorrected, QuestionAnswered, QuestionPassed
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.reaction import Ask, Reaction


def questions(rules: DueRules, parties: Parties = NO_PARTIES) -> Reaction:
    """By the charter's rules for due dates, and its parties."""

    def asks(recorded: RecordedEvent) -> Sequence[Ask]:
        match recorded.event:
            case QuestionPassed() as event:
                return [Ask(OpenCheck(_opened(event, rules, parties)))]
            case QuestionAnswered() | AnswerCorrected() as event:
                # a correction counts where checkers did not find it done: else it was done before
                return [Ask(ClaimAnswered(event.question_id, event.at, recorded.recorded_at))]
            case _:
                return []

    return Reaction(
        service="intake",
        name="questions",
        stream=log_of("publishing"),
        handles=(QuestionPassed, QuestionAnswered, AnswerCorrected),
        asks=asks,
    )


def _opened(event: QuestionPassed, rules: DueRules, parties: Parties) -> CheckOpened:
    """Under the question's own id: however often it is told, there is one. Who owes it and what is
    to be done the charter says, so no editor has to pass that."""
    owner = parties.owner(event.owner)
    due = _due(event, owner, rules)
    return CheckOpened(
        check_id=event.question_id,
        source=SOURCE,
        source_id=event.question_id,
        report_id=None,
        owner=owner,
        task=event.task,
        place=event.place,
        sector=event.sector,
        confidential=False,
        passed=True,
        opened_at=event.at,
        due_at=due.at,
        reckoning=due.reckoning,
    )


def _due(event: QuestionPassed, owner: str, rules: DueRules) -> Due:
    """Where no rule is for it the days count that `questions.toml` gives."""
    try:
        return rules.after(event.place, event.sector, owner, event.at)
    except NoRuleError:
        return rules.in_days(event.place, event.at, event.answer_days)
