"""What intake asks of itself because of what happened."""

from services.intake.domain.due import DueRules
from services.intake.reactions.checkers import CHECKERS
from services.intake.reactions.handovers import HANDOVERS
from services.intake.reactions.petitions import petitions
from services.intake.reactions.questions import questions
from services.intake.reactions.shields import SHIELDS
from shared.contracts.party import NO_PARTIES, Parties
from shared.eventsourcing.reaction import Reaction


def by_rules(rules: DueRules, parties: Parties = NO_PARTIES) -> tuple[Reaction, ...]:
    """As the charter has them; their names and what they follow are the same under any."""
    return (CHECKERS, HANDOVERS, SHIELDS, petitions(rules, parties), questions(rules, parties))


REACTIONS = by_rules(DueRules())
