"""Under a code nobody learns of a report that is not public, also where both say the same."""

import pytest

from services.intake.trail.steps import heads_in, steps_of
from shared.testing.examples import (
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
