"""What sources say of correspondents becomes a command to the beat, and never a name."""

import json
from datetime import date
from typing import Any

import pytest

from services.intake.domain.beat import (
    AccreditCorrespondent,
    EndBeat,
    HandOverBeat,
    RestBeat,
    ResumeBeat,
)
from services.intake.domain.beat_rules import BeatRules
from services.intake.translate import by_name, translator
from shared.contracts.identity import aggregate_id, beat_id
from shared.contracts.inbox import INBOX_KINDS, InboxMessage
from shared.eventsourcing.inbox.parse import RefusalError, Upstream
from shared.testing.examples import MONDAY, ROXBURY, STREET_LIGHTS

KINDS = {kind: type_ for kind, type_ in INBOX_KINDS.items() if kind.startswith("correspondent.")}
ADA, BEN = (aggregate_id("member", "gateway", name) for name in ("ada", "ben"))
BEAT = beat_id(ADA, ROXBURY, STREET_LIGHTS)
SAID: dict[str, Any] = {
    "correspondent": "ada",
    "place": ROXBURY,
    "sector": STREET_LIGHTS,
    "from_day": "2030-01-10",
    "until_day": "2030-01-12",
    "successor": "ben",
}
BY_KIND = pytest.mark.parametrize("kind", sorted(KINDS))


def message(kind: str, **more: Any) -> InboxMessage:
    return KINDS[kind].model_validate_json(json.dumps(SAID | more))


def asked(said: InboxMessage, source: str = "gateway", **more: Any) -> Any:
    rules = BeatRules("America/New_York", 10)
    translate = translator({ROXBURY}, {STREET_LIGHTS}, {"boston"}, rules=rules, **more)
    return translate(Upstream(source, "any", "ce-1", "ce-1", said), MONDAY)


def test_each_kind_becomes_a_command_to_the_beat() -> None:
    accredited = asked(message("correspondent.accredited")).accredited
    assert (accredited.beat_id, accredited.correspondent) == (BEAT, ADA)
    assert (accredited.zone, accredited.rhythm_days) == ("America/New_York", 10)
    assert accredited.since == date(2030, 1, 7)
    often = asked(message("correspondent.accredited", rhythm_days=3, since="2030-02-01"))
    assert isinstance(often, AccreditCorrespondent)
    assert (often.accredited.rhythm_days, often.accredited.since) == (3, date(2030, 2, 1))
    rest = RestBeat(BEAT, date(2030, 1, 10), date(2030, 1, 12))
    assert asked(message("correspondent.rested")) == rest
    assert asked(message("correspondent.resumed")) == ResumeBeat(BEAT, MONDAY)
    assert asked(message("correspondent.replaced")) == HandOverBeat(BEAT, BEN, MONDAY)
    assert asked(message("correspondent.ended")) == EndBeat(BEAT, MONDAY)


@BY_KIND
def test_correspondents_of_public_data_have_no_beats(kind: str) -> None:
    with pytest.raises(RefusalError) as raised:
        asked(message(kind), "boston")
    assert raised.value.problem.title == "Public source"


@BY_KIND
@pytest.mark.parametrize(("field", "value"), [("place", "us.ma"), ("sector", "graffiti")])
def test_where_the_charter_has_nothing_there_are_none(kind: str, field: str, value: str) -> None:
    with pytest.raises(RefusalError) as raised:
        asked(message(kind, **{field: value}))
    assert raised.value.problem.title == f"Unknown {field}"


@BY_KIND
def test_who_was_erased_gets_none(kind: str) -> None:
    with pytest.raises(RefusalError) as raised:
        asked(message(kind), person_of=lambda *_: None)
    assert [each.pointer for each in raised.value.problem.errors] == ["/correspondent"]
    assert "ada" not in raised.value.problem.model_dump_json()


def test_nor_does_a_successor_who_was() -> None:
    def not_ben(source: str, name: str) -> str | None:
        return None if name == "ben" else by_name(source, name)

    with pytest.raises(RefusalError) as raised:
        asked(message("correspondent.replaced"), person_of=not_ben)
    assert [each.pointer for each in raised.value.problem.errors] == ["/successor"]


@pytest.mark.parametrize("days", [0, -1, 367, 1.5, "7", True])
def test_a_rhythm_is_a_number_of_days_of_a_year(days: Any) -> None:
    with pytest.raises(ValueError, match="rhythm_days"):
        message("correspondent.accredited", rhythm_days=days)
