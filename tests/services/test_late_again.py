"""A check that is claimed done again and again is late as often as that is refuted."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from public_site import PublicSite

from deploy.commands import recount
from services.publishing.projections import late, late_v1
from shared.contracts.event import Event
from shared.eventsourcing.event_store import RecordedEvent
from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_CLAIM_REFUTED,
    PUBLIC_CLAIM_UPHELD,
    PUBLIC_DONE_CLAIMED,
    PUBLIC_OVERDUE_WITHDRAWN,
    RECORDED_FROM,
    recorded,
    varied,
)

COUNTING = recount.script()
MIDNIGHT = RECORDED_FROM.replace(hour=0, minute=0, second=0, microsecond=0)
"""When what is public is recorded."""

DAY = timedelta(days=1)
DUE = PUBLIC_CHECK_OPENED.due_on
ENOUGH = (DUE - DAY, DUE, DUE + DAY, DUE + 3 * DAY, DUE + 9 * DAY)


def history(check: str, dice: random.Random, turns: int) -> Iterator[Event]:
    """Claims of an owner, in time and late, all refuted; some are upheld after an appeal."""
    of = {"check": check}
    yield varied(PUBLIC_CHECK_OPENED, **of)
    yield varied(PUBLIC_CHECK_OVERDUE, **of)
    for _ in range(turns):
        done = of | {"done_on": dice.choice(ENOUGH)}
        is_late = done["done_on"] > DUE
        yield varied(PUBLIC_DONE_CLAIMED, **done, late=is_late)
        if not is_late:
            yield varied(PUBLIC_OVERDUE_WITHDRAWN, **done)
        yield varied(PUBLIC_CLAIM_REFUTED, **done)
        if dice.random() < 0.2:
            yield varied(PUBLIC_CLAIM_UPHELD, **done, late=is_late)
            return
        if not is_late:
            yield varied(PUBLIC_CHECK_OVERDUE, **of)


def heard(events: Iterator[Event], dice: random.Random) -> Iterator[RecordedEvent]:
    """Some on one day, some later."""
    on = MIDNIGHT
    for event in events:
        on += dice.choice((0, 0, 1, 2)) * DAY
        yield replace(recorded(event, 1), recorded_at=on)


def written(site: PublicSite, histories: list[list[RecordedEvent]]) -> None:
    log = sorted((each for history in histories for each in history), key=lambda e: e.recorded_at)
    first = site._projector.begin() + 1
    numbered = [replace(each, sequence=first + at) for at, each in enumerate(log)]
    site._projector.write(numbered, numbered[-1].sequence)


def found(site: PublicSite, day: date, known: date) -> set[str]:
    with site.engine.connect() as connection:
        rows, onward = late.on_day(connection, day, known, None, None, 1_000)
    assert onward is None
    return {check for check, *_ in rows}


def test_whatever_was_known_on_whichever_day_is_told_as_an_outsider_counts_it(
    site: PublicSite,
) -> None:
    dice = random.Random(93)
    checks = [f"{number:032x}" for number in range(60)]
    histories = [
        [*heard(history(check, dice, number % 6), dice)] for number, check in enumerate(checks)
    ]
    written(site, histories)
    count = COUNTING.Count()
    for each in (event for history in histories for event in history):
        kind, body = type(each.event).__name__, each.event.model_dump(mode="json")
        count.take(kind, each.recorded_at.isoformat(), body)
    begun, compared = MIDNIGHT.date(), 0
    for day in ENOUGH:
        for days in range(0, 40, 3):
            known = begun + days * DAY
            asked = f"{day}", f"{known}"
            expected = {name for name, each in count.things.items() if each.is_late(*asked)}
            assert found(site, day, known) == expected, (day, known)
            compared += len(expected)
    assert compared > 300


@pytest.mark.parametrize("times", [1, 2, 3, 4])
def test_who_claims_to_have_been_in_time_again_and_again_stays_late(
    site: PublicSite, times: int
) -> None:
    of = {"check": "7" * 32}
    claim = (PUBLIC_DONE_CLAIMED, PUBLIC_OVERDUE_WITHDRAWN, PUBLIC_CLAIM_REFUTED)
    done = {"done_on": DUE - DAY}
    turn = [varied(each, **of, **done) for each in claim] + [varied(PUBLIC_CHECK_OVERDUE, **of)]
    story = [varied(PUBLIC_CHECK_OPENED, **of), varied(PUBLIC_CHECK_OVERDUE, **of), *turn * times]
    written(site, [[replace(recorded(each, 1), recorded_at=MIDNIGHT) for each in story]])
    assert found(site, DUE + DAY, MIDNIGHT.date() + DAY) == {"7" * 32}


def test_until_the_rows_are_made_the_former_ones_are_asked() -> None:
    assert late_v1.read_model in late.read_model.versions()
