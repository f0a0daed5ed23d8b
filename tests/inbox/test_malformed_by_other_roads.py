"""Malformed hooks and updates of Open311: no fault of ours, none lost, one answer each; what is
right among them is accepted, and once.

400 of each; with the deep profile 10,000.
"""

import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from malformed import (
    EVERY,
    FORM,
    JSON,
    PARTS,
    SEED,
    a_type,
    as_form,
    changed,
    damaged,
    drawn,
    in_parts,
    with_right_ones,
)
from nats.aio.client import Client
from over_http import CHARTER, Door, door, envelope
from upstream import Answered, answers

from services.intake.api.hooks.known import Hook
from shared.mapping.hooks import read_hook

SURVEY = """\
source = "boston"
time_zone = "America/New_York"

[[event]]
kind = "report.submitted"
id = "survey/{id}"
when = "when"
[event.data]
report = "survey/{id}"
place = "us.ma.boston.roxbury"
sector = "street-lights"
text = "{says}"
filed_at = { instant = "when" }
"""
WHEN = "2026-03-04T09:25:00-05:00"
UPDATES = "/open311/v2/servicerequestupdates"
REPORTS = 20


class Sent(NamedTuple):
    """`name` is what a right one is known by."""

    path: str
    kind: str
    body: bytes
    name: str = ""


@pytest.fixture
def hooks(tmp_path: Path) -> dict[str, Hook]:
    path = tmp_path / "survey.toml"
    path.write_text(SURVEY)
    return {"survey": Hook("survey", read_hook(path, CHARTER.sources))}


async def sent(here: Door, key: str, one: Sent) -> httpx.Response:
    headers = {"content-type": one.kind, "authorization": f"Bearer {key}"}
    return await here.client.post(one.path, content=one.body, headers=headers)


def survey(number: int | str) -> dict[str, str]:
    return {"id": str(number), "when": WHEN, "says": "It is dark."}


def _hook(kind: str, pairs: Any, name: str = "") -> Sent:
    body = {FORM: as_form, PARTS: in_parts, JSON: lambda it: json.dumps(dict(it)).encode()}[kind]
    return Sent("/hooks/boston/survey", kind, body(list(pairs)), name)


def _wrong_hooks(chance: random.Random, count: int) -> Iterator[Sent]:
    for number in range(count):
        one = _hook(chance.choice((FORM, JSON, PARTS)), changed(chance, survey(f"bad{number}")))
        yield one._replace(kind=a_type(chance, one.kind), body=damaged(chance, one.body))


async def test_hooks_answer_each_and_lose_none(nats: Client, hooks: dict[str, Hook]) -> None:
    chance, count = random.Random(SEED), drawn(400)
    right = [
        _hook((FORM, JSON, PARTS)[number % 3], survey(number).items(), f"survey/survey/{number}")
        for number in range(count // EVERY)
    ]
    statuses, taken = Counter[int](), Counter[str]()
    async with door(nats, ["boston"], CHARTER.places, CHARTER.sectors, hooks=hooks) as here:
        key, _ = await here.key()
        for is_right, one in with_right_ones(chance, right, _wrong_hooks(chance, count)):
            answer = await sent(here, key, one)
            statuses[answer.status_code] += 1
            assert answer.status_code < 500, (SEED, one, answer.text)
            assert not is_right or answer.status_code == 202, (one, answer.text)
            if answer.status_code == 202:
                taken.update(each["ce_id"] for each in answer.json())
        found = await answers(nats, here.box)
    assert sum(statuses.values()) == len(right) + count
    assert len(statuses) > 3, statuses
    assert_each_once(found, sum(taken.values()), {one.name for one in right})


def update(number: int) -> dict[str, str]:
    return {
        "service_request_id": str(number % REPORTS),
        "update_id": f"u{number}",
        "status": "FIXED",
        "updated_datetime": "2030-01-08T12:00:00+01:00",
        "description": "A new lamp\r\nstands there.",
    }


def _wrong_updates(chance: random.Random, key: str, count: int) -> Iterator[Sent]:
    for number in range(count):
        fields = {"api_key": key} | update(chance.randrange(10 * REPORTS) - number)
        kind = chance.choice((FORM, PARTS))
        pairs = changed(chance, fields)
        body = as_form(pairs) if kind == FORM else in_parts(pairs)
        form = chance.choice(("json", "xml"))
        yield Sent(f"{UPDATES}.{form}", a_type(chance, kind), damaged(chance, body))


async def test_updates_are_answered_each_and_none_is_lost(nats: Client) -> None:
    chance, count = random.Random(SEED), drawn(400)
    statuses, taken = Counter[int](), 0
    async with door(nats, ["boston"], CHARTER.places, CHARTER.sectors) as here:
        key, _ = await here.key()
        for number in range(REPORTS):
            await here.send(key, envelope(number), content_type="application/cloudevents+json")
        right = [
            Sent(f"{UPDATES}.json", FORM, as_form([("api_key", key), *update(number).items()]))
            for number in range(count // EVERY)
        ]
        for is_right, one in with_right_ones(chance, right, _wrong_updates(chance, key, count)):
            answer = await here.client.post(
                one.path, content=one.body, headers={"content-type": one.kind}
            )
            statuses[answer.status_code] += 1
            assert answer.status_code < 500, (SEED, one, answer.text)
            assert answer.content
            assert not is_right or answer.status_code == 200, (one, answer.text)
            taken += answer.status_code == 200 and "location" in answer.headers
        found = await answers(nats, here.box)
    assert sum(statuses.values()) == len(right) + count
    assert len(statuses) > 3, statuses
    accepted = [each for each in found.accepted.values() if each.kind == "report.resolved"]
    assert len(accepted) == taken
    assert_each_once(found, len(found.accepted) + len(found.refused))


def assert_each_once(found: Answered, messages: int, right: set[str] | None = None) -> None:
    assert found.is_complete(messages)
    assert not found.dead
    accepted = Counter(each.ce_id for each in found.accepted.values() if not each.duplicate)
    assert [name for name in right or () if accepted[name] != 1] == []
