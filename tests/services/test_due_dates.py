"""By when a commitment is due that names no moment: a day, or a rule of the charter."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from services.intake.domain.check import OpenCheck
from services.intake.due_dates import due_rules
from services.intake.translate import translator
from shared.contracts.check import CheckOpened
from shared.contracts.inbox import CommitmentMade
from shared.eventsourcing.inbox.parse import RefusalError, Upstream
from shared.runtime.charter import Charter
from shared.runtime.charter_due import DueTold
from shared.testing.examples import GRAFFITI, MONDAY, ROXBURY, STREET_LIGHTS
from shared.web.language import Language

MADE: dict[str, Any] = {
    "commitment": "101",
    "owner": "Public Works",
    "task": "Mend the lamp",
    "place": ROXBURY,
    "sector": STREET_LIGHTS,
    "made_at": datetime(2026, 11, 20, 12, tzinfo=UTC),
}
TOLD: dict[str, Any] = {
    "rule": [
        {"name": "lamps", "version": 3, "days": 4, "sectors": [STREET_LIGHTS]},
        {"name": "works", "days": 10, "owners": ["public WORKS"], "counted": "calendar"},
        {"name": "harbour", "days": 2, "places": ["us.ma.boston.east-boston"]},
    ],
    "almanac": {
        "state": {"places": ["us.ma"], "holidays": "US-MA"},
        "abroad": {"places": ["us.ma.boston.east-boston"], "zone": "Pacific/Auckland"},
    },
}

Opened = Callable[..., CheckOpened]


@pytest.fixture
def opened(tmp_path: Any) -> Opened:
    language = Language("en", "America/New_York")
    charter = Charter(
        tmp_path, "x", "", {}, {}, {}, language=language, due=DueTold.model_validate(TOLD)
    )
    places = {ROXBURY, "us.ma.boston.east-boston", "us.nh"}
    translate = translator(places, {STREET_LIGHTS, GRAFFITI}, due_rules=due_rules(charter))

    def open_check(**said: Any) -> CheckOpened:
        message = CommitmentMade(**(MADE | said))
        command = translate(Upstream("boston", "any", "ce-1", "ce-1", message), MONDAY)
        assert isinstance(command, OpenCheck)
        return command.opened

    return open_check


def test_the_first_rule_that_is_for_it_counts(opened: Opened) -> None:
    check = opened()
    assert check.due_at == datetime(2026, 11, 28, 4, 59, 59, tzinfo=UTC)
    told = check.reckoning
    assert told is not None
    assert (told.rule, told.rule_version, told.days) == ("lamps", 3, 4)
    assert (told.almanac, told.zone) == ("state", "America/New_York")
    assert [(str(off.day), off.why) for off in told.off] == [("2026-11-26", "Thanksgiving Day")]


def test_owners_are_the_same_in_capital_letters(opened: Opened) -> None:
    told = opened(sector=GRAFFITI).reckoning
    assert told is not None
    assert (told.rule, told.due_day) == ("works", date(2026, 11, 30))


def test_a_place_has_the_days_of_the_smallest_that_has_an_almanac(opened: Opened) -> None:
    check = opened(place="us.ma.boston.east-boston", sector=GRAFFITI, owner="Harbour office")
    told = check.reckoning
    assert told is not None
    assert (told.rule, told.almanac, told.zone) == ("harbour", "abroad", "Pacific/Auckland")
    assert (told.from_day, told.due_day) == (date(2026, 11, 21), date(2026, 11, 24))
    assert check.due_at == datetime(2026, 11, 24, 10, 59, 59, tzinfo=UTC)
    elsewhere = opened(place="us.nh").reckoning
    assert elsewhere is not None
    assert (elsewhere.almanac, elsewhere.off) == ("", ())


def test_a_moment_stays_one_and_a_day_ends_there(opened: Opened) -> None:
    check = opened(due_at=MONDAY)
    assert (check.due_at, check.reckoning) == (MONDAY, None)
    check = opened(due_on=date(2026, 7, 1))
    assert (check.due_at, check.reckoning) == (datetime(2026, 7, 2, 3, 59, 59, tzinfo=UTC), None)


def test_without_a_rule_it_is_refused_and_says_what_to_do(opened: Opened) -> None:
    with pytest.raises(RefusalError, match=r"Say due_at or due_on: no rule .*due\.toml"):
        opened(sector=GRAFFITI, owner="Nobody known")


def test_what_would_be_due_after_all_days_is_refused(opened: Opened) -> None:
    with pytest.raises(RefusalError, match="after the year 2999"):
        opened(made_at=datetime(2999, 12, 30, tzinfo=UTC))
    with pytest.raises(RefusalError, match="after the year 2999"):
        opened(due_on=date(2999, 12, 31))


def test_a_moment_and_a_day_at_once_are_refused() -> None:
    with pytest.raises(ValidationError, match="must not be said beside due_at"):
        CommitmentMade(**MADE, due_at=MONDAY, due_on=date(2030, 1, 7))
