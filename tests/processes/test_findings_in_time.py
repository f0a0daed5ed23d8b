"""A finding is of what was seen once it was said to be done, and not of what is to come."""

from datetime import timedelta

import pytest
from checked import Checked

from services.intake.domain.checking import AcceptChecking
from services.intake.domain.finding import HALF_A_DAY, GiveFinding, NotYetSeenError, SeenBeforeError
from services.intake.projections import checkings
from shared.contracts.checking import CheckersDrawn, CheckingOpened, FindingGiven
from shared.contracts.values import CLOCKS_DIFFER_BY
from shared.testing.examples import DAY, ROXBURY


@pytest.mark.parametrize(
    ("seen_before", "counts"),
    [
        (365 * DAY, False),
        (DAY, False),
        (HALF_A_DAY + 2 * CLOCKS_DIFFER_BY, False),
        (HALF_A_DAY + CLOCKS_DIFFER_BY, True),
        (-CLOCKS_DIFFER_BY, True),
        (-2 * CLOCKS_DIFFER_BY, False),
    ],
)
async def test_what_was_seen_before_the_claim_or_is_to_come_is_no_finding_of_it(
    seen_before: timedelta, *, counts: bool
) -> None:
    here = Checked()
    await here.begin(2)
    await here.claim()
    claimed_at = here.now
    await here.settle()
    (who, *_), (opened,) = here.events(CheckersDrawn)[0].drawn, here.events(CheckingOpened)
    await here.do(AcceptChecking(opened.checking_id, who, claimed_at))
    about = here.rows_by_key(checkings.read_model)[opened.checking_id]
    seen = "As I saw it", ROXBURY, claimed_at - seen_before
    given = GiveFinding(
        opened.checking_id, who, "done", *seen, rests_on=about["stands_at"], now=claimed_at
    )
    outcome = await here.do(given)
    wrong = SeenBeforeError if seen_before > timedelta() else NotYetSeenError
    assert len(here.events(FindingGiven)) == counts
    assert outcome.error is None if counts else isinstance(outcome.error, wrong)
