"""Half a year of a real city through the whole suite, held against the city's own labels.

`make test` takes its first two weeks, `make test-deep` all of it as well.
"""

import json
import random
import re
from collections.abc import AsyncIterator

import pytest
from city import HalfYear
from real_suite import ON_POSTGRES, started

from deploy.feeding.demo import END, replay
from deploy.feeding.replay import Hands
from deploy.looking.late import who_was_late
from deploy.looking.reading import messages
from deploy.programs import PROGRAMS
from shared.contracts.check import CheckEvent, CheckOpened, CheckOverdue
from shared.contracts.member import MemberQualified, ReportCredited
from shared.contracts.proof import digest_of
from shared.contracts.public import PublicCheckEvent, PublicReportEvent
from shared.contracts.report import ReportConfirmed, ReportFiled
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.jetstream.connection import Client

QUALIFICATIONS_ASKED = 3
ENDS_WITHIN_S = 300
ALLOWED_IN_PUBLIC = {
    "report place sector on",
    "report place sector on token latitude longitude",
    "check place sector owner due_on reckoning",
    "check place sector owner due_on task tier to",
    "check place sector owner due_on done_on late said_on",
    "member place track rule_version on confirmed sectors days refuted_share",
}


async def events(client: Client, stream: str, kind: str) -> AsyncIterator[RecordedEvent]:
    async for message in messages(client, stream, [f"{stream.lower()}.*.{kind}.>"]):
        recorded = decode(message.headers, message.body, message.sequence)
        yield recorded


def test_the_summary_is_right_to_the_row(stretch: HalfYear) -> None:
    assert stretch.exit_code == 0, stretch.told
    summary = stretch.summary
    counted = stretch.counted
    assert summary["reports_filed"] == len(stretch.city) == counted.reports
    assert summary["checks_opened"] == counted.checks
    assert summary["checks_overdue"] == counted.late
    assert summary["members_qualified"] > 0
    assert summary["upstream_events"] == summary["accepted"] == counted.upstream_events
    assert (summary["duplicate"], summary["refused"]) == (0, 0)
    assert summary["events_appended"] > counted.upstream_events
    assert summary["seconds"] > 0
    assert stretch.seconds_after_summary < ENDS_WITHIN_S


async def test_overdue_are_exactly_those_that_the_city_calls_so_and_the_158_it_left_blank(
    stretch: HalfYear,
) -> None:
    opened: dict[str, str] = {}
    overdue: list[str] = []
    async with stretch.home.log() as client:
        async for recorded in events(client, "INTAKE", "CheckOpened"):
            event = recorded.event
            assert isinstance(event, CheckOpened)
            opened[event.check_id] = event.source_id
        async for recorded in events(client, "INTAKE", "CheckOverdue"):
            assert isinstance(recorded.event, CheckOverdue)
            overdue.append(opened[recorded.event.check_id])
        withdrawn = [recorded async for recorded in events(client, "INTAKE", "OverdueWithdrawn")]
    assert len(overdue) == len(set(overdue)), "none is raised twice"
    assert withdrawn == [], "no sweep ran ahead of a claim"
    promised = {number for number, row in stretch.city.items() if row["target_dt"].strip()}
    assert set(opened.values()) == promised
    by_label: dict[str, set[str]] = {"OVERDUE": set(), "ONTIME": set(), "": set()}
    for number in promised:
        by_label[stretch.city[number]["ontime"].strip()].add(number)
    counted = stretch.counted
    assert len(by_label["OVERDUE"]) == counted.late_by_label
    assert len(by_label[""]) == counted.late_without_label
    assert by_label["OVERDUE"] - set(overdue) == set(), "late by the city's label, not by us"
    assert by_label["ONTIME"] & set(overdue) == set(), "late by us, not by the city's label"
    assert set(overdue) == by_label["OVERDUE"] | by_label[""]
    of_2059 = {n for n in promised if stretch.city[n]["target_dt"].startswith("2059")}
    assert len(of_2059) == counted.due_in_2059
    assert of_2059 & set(overdue) == set()


async def test_why_names_the_confirmed_reports_that_earned_a_qualification(
    stretch: HalfYear,
) -> None:
    async with stretch.home.log() as client:
        qualified = [recorded async for recorded in events(client, "PROMOTION", "MemberQualified")]
        confirmed = {r.sequence: r async for r in events(client, "INTAKE", "ReportConfirmed")}
        assert len(qualified) == stretch.summary["members_qualified"]
        earned: dict[str, list[int]] = {}
        async for recorded in events(client, "PROMOTION", "ReportCredited"):
            assert isinstance(recorded.event, ReportCredited)
            earned.setdefault(recorded.event.member_id, []).append(
                recorded.event.earned_by.sequence
            )
        for recorded in qualified:
            _is_earned(recorded.event, earned, confirmed)
        for chosen in random.Random(1925).sample(qualified, QUALIFICATIONS_ASKED):
            event = chosen.event
            assert isinstance(event, MemberQualified)
            told = stretch.home.tribune("why", f"PROMOTION/{chosen.sequence}")
            assert told.returncode == 0, told.stderr
            assert told.stdout.startswith(f"MemberQualified  PROMOTION/{chosen.sequence}")
            reasons = re.findall(
                r"^    because ReportConfirmed  INTAKE/(\d+)", told.stdout, re.MULTILINE
            )
            assert f"because {event.confirmed:,} credits  as its digest says" in told.stdout
            assert [int(s) for s in reasons] == earned[event.member_id][: event.confirmed]
            assert len(reasons) == event.confirmed


def _is_earned(
    event: object, earned: dict[str, list[int]], confirmed: dict[int, RecordedEvent]
) -> None:
    """By confirmed reports of that very member, no one of them counted twice."""
    assert isinstance(event, MemberQualified)
    sequences = earned[event.member_id][: event.confirmed]
    assert len(set(sequences)) == event.confirmed
    proofs = [confirmed[sequence] for sequence in sequences]
    assert event.digest == digest_of(proof.id for proof in proofs)
    for proof in proofs:
        assert isinstance(proof.event, ReportConfirmed)
        assert proof.event.correspondent == event.member_id


async def test_nothing_public_holds_a_text_a_correspondent_or_an_inner_id(
    stretch: HalfYear,
) -> None:
    inner: set[str] = set()
    texts: set[str] = set()
    shapes: set[str] = set()
    async with stretch.home.log() as client:
        async for message in messages(client, "INTAKE"):
            recorded = decode(message.headers, message.body, message.sequence)
            inner |= {recorded.id, recorded.event.aggregate_id, recorded.correlation_id}
            if isinstance(recorded.event, ReportFiled):
                inner |= {recorded.event.correspondent or "", recorded.event.source_id}
                texts.add(recorded.event.text)
            elif isinstance(recorded.event, CheckEvent):
                texts.discard(getattr(recorded.event, "task", ""))
        inner.discard("")
        count = 0
        async for message in messages(client, "PUBLIC"):
            count += 1
            said = message.body.decode() + " ".join([message.subject, *message.headers.values()])
            words = set(re.findall(r"[A-Za-z0-9_/-]+", said))
            assert not words & inner, f"PUBLIC/{message.sequence}: {words & inner}"
            body = json.loads(message.body)
            shapes.add(" ".join(body))
            assert body.get("token") is None, "the city's own numbers are no tokens"
            assert not texts & {value for name, value in body.items() if name != "task"}
    assert count > stretch.counted.upstream_events
    assert {" ".join(sorted(shape.split())) for shape in shapes} <= {
        " ".join(sorted(allowed.split())) for allowed in ALLOWED_IN_PUBLIC
    }
    assert "text" not in PublicReportEvent.model_fields | PublicCheckEvent.model_fields


def test_commands_answer_on_a_suite_at_rest(stretch: HalfYear) -> None:
    status = stretch.home.tribune("status", "--json")
    assert status.returncode == 1, "no service answers at rest, and scripts are told so"
    found = json.loads(status.stdout)
    assert found["services"] == dict.fromkeys(PROGRAMS)
    assert found["dead"] == 0
    messages = {row["stream"]: row["messages"] for row in found["streams"]}
    logs = messages["INTAKE"] + messages["PROMOTION"] + messages["PUBLIC"]
    assert logs == stretch.summary["events_appended"]
    assert messages["INBOX_BOSTON"] % stretch.counted.upstream_events == 0
    assert len(found["readers"]) == 16
    assert all(row["lag"] == 0 for row in found["readers"])
    dead = stretch.home.tribune("dead", "list")
    assert (dead.returncode, dead.stdout.strip()) == (0, "Nothing is dead.")
    late = stretch.home.tribune("late", "--on", "2011-12-31")
    assert late.returncode == 4, "only intake can tell, and it does not run"
    assert "tribune up" in late.stderr


@pytest.mark.deep
async def test_the_same_file_again_adds_no_event_and_every_receipt_says_duplicate(
    stretch: HalfYear,
) -> None:
    """Also: who was late is told by a suite that was started anew on what it had."""
    if ON_POSTGRES:
        pytest.skip("this is between inbox and log, which the run on SQLite has shown")
    async with started(stretch.home.suite()) as client:
        summary = await replay(Hands.all_of(client), lambda *_: None, stretch.counted.until)
        late = await who_was_late(client, END)
        told = stretch.home.tribune("late", "--on", "2020-01-01", "--json")
    counted = stretch.counted
    assert summary.events_appended == 0
    assert (summary.accepted, summary.duplicate, summary.refused) == (0, counted.upstream_events, 0)
    assert summary.checks_overdue == len(late) == counted.late
    assert json.loads(told.stdout) == late


def test_a_fresh_replay_finds_no_difference_after_all_that(stretch: HalfYear) -> None:
    proof = stretch.home.tribune("verify")
    assert proof.returncode == 0, proof.stdout + proof.stderr
    assert proof.stdout.splitlines()[-1] == "no difference"
    rows = f"{stretch.counted.checks:,} rows"
    assert f"checks_v4: {rows}" in proof.stdout
    assert f"overdue_v6: {rows}" in proof.stdout
