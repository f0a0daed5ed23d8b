"""What intake asks of itself because of what happened."""

from services.intake.reactions.handovers import HANDOVERS
from services.intake.reactions.shields import SHIELDS

REACTIONS = (HANDOVERS, SHIELDS)
