"""What intake asks of itself because of what happened."""

from services.intake.reactions.checkers import CHECKERS
from services.intake.reactions.handovers import HANDOVERS
from services.intake.reactions.shields import SHIELDS

REACTIONS = (CHECKERS, HANDOVERS, SHIELDS)
