"""Who was late on one day as known on another: the same as the log says, counted another way."""

import json
import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from recount_late import late
from small_intake import Intake, check_id, opened
from sqlalchemy import Engine

from services.intake.answering import WhoWasLate, _late
from services.intake.domain.claim_checked import HalveCheck, SettleClaim
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.due import DueRules
from services.intake.domain.pausing import PauseCheck, ResumeCheck
from services.intake.projections import beats, checks, claims, lateness
from shared.contracts.check import DoneClaimed
from shared.contracts.checking import CheckingTerms
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.testing.examples import (
    CHECK_HANDED_OVER,
    CHECK_OPENED,
    CHECK_OVERDUE,
    CLAIM_REFUTED,
    DAY,
    DONE_IN_TIME,
    MONDAY,
    OVERDUE_WITHDRAWN,
    recorded,
    varied,
)

CHECKS, DAYS, PAIRS = 60, 60, 1_000
MODELS = [each.read_model for each in (checks, beats, lateness, claims)]
HOUR = timedelta(hours=1)
RULES = DueRules()


async def _half_a_season(intake: Intake, drawn: random.Random) -> None:
    """Claims come late, of what was done before and after; some wait meanwhile, some are refuted,
    and of these some are upheld after all."""
    refuted: dict[str, datetime] = {}
    dues = [MONDAY + drawn.randrange(1, DAYS) * DAY for _ in range(CHECKS)]
    await intake.do(*(opened(number, due) for number, due in enumerate(dues)))
    for day in range(DAYS):
        now = MONDAY + day * DAY + drawn.randrange(24) * HOUR
        intake.clock.jump(now)
        intake.project()
        for number in drawn.sample(range(CHECKS), 4):
            check, back = check_id(number), now - drawn.randrange(20) * DAY
            asked = drawn.choice(
                [
                    ClaimDone(check, "Public Works", back, now),
                    ClaimDone(check, "Public Works", back, now),
                    PauseCheck(check, now, "They wait", now),
                    ResumeCheck(check, now, "It has come", RULES, now),
                ]
            )
            await intake.handler.handle([Envelope(asked, id=repr(asked))])
        await _verdicts(intake, drawn, refuted, now)
        if drawn.random() < 0.7:
            await intake.sweep()
    intake.project()


async def _verdicts(
    intake: Intake, drawn: random.Random, refuted: dict[str, datetime], now: datetime
) -> None:
    claimed = {
        each.event.check_id: each.event.said_at or each.event.done_at
        for each in intake.store.streams["INTAKE"]
        if isinstance(each.event, DoneClaimed)
    }
    asked: list[SettleClaim | HalveCheck] = []
    for check, done_at in drawn.sample(sorted(claimed.items()), min(len(claimed), 2)):
        if refuted.get(check) == done_at:
            asked.append(SettleClaim(check, "1" * 32, done_at, "done", now=now, undecided=False))
        else:
            refuted[check] = done_at
            asked.append(
                SettleClaim(check, "1" * 32, done_at, "not done", now=now, undecided=False)
            )
            if drawn.random() < 0.2:
                rest = f"{len(refuted):032x}"
                asked.append(HalveCheck(check, "1" * 32, rest, rest, now + 30 * DAY, now))
    await intake.handler.handle([Envelope(each, id=repr(each)) for each in asked])


@pytest.fixture(params=[None, CheckingTerms()], ids=["as claimed", "checked"])
async def season(database: Engine, request: pytest.FixtureRequest) -> Intake:
    """Where claims are checked, and where they are taken as they are."""
    intake = Intake(database, request.param)
    prepare(database, MODELS)
    intake._projector = Projector(database, MODELS)
    await _half_a_season(intake, random.Random(12))
    return intake


async def test_any_two_days_give_what_a_recount_of_the_log_gives(season: Intake) -> None:
    log = [
        {
            "type": type(each.event).__name__,
            "recorded_at": each.recorded_at.isoformat(),
            "body": json.loads(each.event.model_dump_json()),
        }
        for each in season.store.streams["INTAKE"]
    ]
    drawn, differ, sizes = random.Random(5), 0, set[int]()
    with season.engine.connect() as connection:
        for _ in range(PAIRS):
            day, known = (MONDAY + drawn.randrange(DAYS * 24) * HOUR for _ in range(2))
            found = {each[0] for each in lateness.late_on(connection, day, known)}
            assert found == late(log, day, known), (day, known)
            sizes.add(len(found))
            same = {each[0] for each in lateness.late_on(connection, day, day)}
            differ += found != same
    assert len(sizes) > 8, "the pairs tell something"
    assert differ > PAIRS / 3, "what is known makes a difference"
    _pages_together_are_the_whole(season)


def _pages_together_are_the_whole(season: Intake) -> None:
    day = MONDAY + 40 * DAY
    with season.engine.connect() as connection:
        whole = lateness.late_on(connection, day, day)
        after: tuple[datetime, str] | None = None
        found = []
        while page := lateness.late_on(connection, day, day, after, 7):
            found += page
            after = page[-1][2], page[-1][0]
    assert len(whole) > 7
    assert found == whole


def test_what_was_known_before_it_was_taken_back_is_known_still_once_it_is_raised_again(
    database: Engine,
) -> None:
    """And it is of who owned it when it was late, whoever has it by now."""
    events = (
        CHECK_OPENED,
        CHECK_OVERDUE,
        DONE_IN_TIME,
        OVERDUE_WITHDRAWN,
        varied(CLAIM_REFUTED, done_at=DONE_IN_TIME.done_at),
        CHECK_OVERDUE,
        varied(CHECK_HANDED_OVER, overdue=True),
    )
    prepare(database, MODELS)
    rows = Projector(database, MODELS)
    rows.begin()
    log = [
        replace(recorded(event, number), recorded_at=MONDAY + number * DAY)
        for number, event in enumerate(events, 1)
    ]
    rows.write(log, len(log))
    known = {
        number: [row["owner"] for row in _late(database, WhoWasLate(on=day))["rows"]]
        for number in (1, 2, 3, 4, 5, 6, 7)
        for day in [MONDAY + number * DAY + HOUR]
    }
    owner = [CHECK_OPENED.owner]
    assert known == {1: [], 2: owner, 3: owner, 4: [], 5: [], 6: owner, 7: owner}
