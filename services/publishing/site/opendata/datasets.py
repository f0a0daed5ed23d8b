"""All data sets, in the order in which they are told."""

from services.publishing.projections import (
    board,
    clocks,
    holders,
    late,
    overdue,
    pictures,
    qualified,
    requests,
)
from services.publishing.site.opendata import checks, figures, reports, steps
from services.publishing.site.opendata import late as lateness

DATASETS = (
    *(reports.reports, checks.checks, steps.verdicts, steps.due_dates, steps.owners),
    *(lateness.late, figures.places, figures.commitments, figures.members, checks.withdrawn),
)
MODELS = (
    *(board.read_model, overdue.read_model, qualified.read_model, requests.read_model),
    *(clocks.read_model, holders.read_model, late.read_model, pictures.read_model),
)
"""That these are made of; each in its newest version."""
