"""A petition that reached its number is a commitment of the body, and its answer does it."""

from collections.abc import Sequence

from services.intake.domain.answered import ClaimAnswered
from services.intake.domain.check import OpenCheck
from services.intake.domain.due import Due, DueRules, NoRuleError
from shared.contracts.check import CheckOpened
from shared.contracts.party import NO_PARTIES, Parties
from shared.contracts.petition import SOURCE, PetitionAnswered, PetitionReached
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.reaction import Ask, Reaction


def petitions(rules: DueRules, parties: Parties = NO_PARTIES) -> Reaction:
    """By the charter's rules for due dates, and its parties."""

    def asks(recorded: RecordedEvent) -> Sequence[Ask]:
        match recorded.event:
            case PetitionReached() as event:
                return [Ask(OpenCheck(_opened(event, rules, parties)))]
            case PetitionAnswered(petition_id=check_id, at=at):
                return [Ask(ClaimAnswered(check_id, at, recorded.recorded_at))]
            case _:
                return []

    return Reaction(
        service="intake",
        name="petitions",
        stream=log_of("promotion"),
        handles=(PetitionReached, PetitionAnswered),
        asks=asks,
    )


def _opened(event: PetitionReached, rules: DueRules, parties: Parties) -> CheckOpened:
    """Under the petition's own id: however often it is told, there is one. Who owes it and what is
    to be done the charter says, so no editor has to pass that."""
    owner = parties.owner(event.owner)
    due = _due(event, owner, rules)
    return CheckOpened(
        check_id=event.petition_id,
        source=SOURCE,
        source_id=event.petition_id,
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


def _due(event: PetitionReached, owner: str, rules: DueRules) -> Due:
    """Where no rule is for it the days count that `petitions.toml` gives."""
    try:
        return rules.after(event.place, event.sector, owner, event.at)
    except NoRuleError:
        return rules.in_days(event.place, event.at, event.answer_days)
