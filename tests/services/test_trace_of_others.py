"""Under a code nobody learns of a report that is not public, also where both say the same."""

import pytest

from services.intake.trail.steps import heads_in, steps_of
from shared.contracts.event import Event
from shared.testing.examples import (
    DUPLICATE_PARTED,
    DUPLICATE_REFUSED,
    ORIGINAL_FOUND,
    REPORT_FILED,
    REPORT_MARKED_DUPLICATE,
    recorded,
)

EVENTS = [
    recorded(each, at)
    for at, each in enumerate((REPORT_FILED, REPORT_MARKED_DUPLICATE, ORIGINAL_FOUND), 1)
]


@pytest.mark.parametrize(("is_public", "told"), [(True, "repeats another"), (False, "closed")])
def test_of_another_report_it_is_told_only_where_that_is_public(
    told: str, *, is_public: bool
) -> None:
    heads = heads_in(EVENTS)
    assert heads
    steps = steps_of(EVENTS, heads if is_public else frozenset())
    assert steps
    assert [each.what for each in steps.steps] == ["received", told]


@pytest.mark.parametrize("ended", [DUPLICATE_PARTED, DUPLICATE_REFUSED])
@pytest.mark.parametrize(("is_public", "told"), [(True, "open again"), (False, "reopened")])
def test_nor_that_it_was_parted_from_it_or_could_not_be_its_duplicate(
    ended: Event, told: str, *, is_public: bool
) -> None:
    """Neither by what it is called, nor by the reason."""
    events = [*EVENTS[:2], recorded(ended, 3)]
    steps = steps_of(events, heads_in(events) if is_public else frozenset())
    assert steps
    last = steps.steps[-1]
    assert last.what == told
    assert is_public or not last.words
    assert steps.takes_files
