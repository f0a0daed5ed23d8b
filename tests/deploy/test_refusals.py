"""Refusals are counted by reason, place and value, and however many there are, few are kept."""

import json
from pathlib import Path
from typing import Any

import pytest

from deploy.commands.refusals_told import refusal_figures, refusal_lines, what_to_do
from deploy.looking.harmless import MISSING
from deploy.looking.pointed import pointed_to
from deploy.looking.refusals import MOST_REASONS, MOST_VALUES, Refusals
from shared.contracts.receipt import Fault, Problem, Refused
from shared.contracts.reference import Reference
from shared.eventsourcing.inbox.parse import RefusalError, parse
from shared.eventsourcing.jetstream.message import Message


def refused(
    number: int, detail: str = "No such place.", *pointers: str, title: str = "Unknown place"
) -> Refused:
    faults = tuple(Fault(detail=detail, pointer=pointer) for pointer in pointers)
    kind = f"urn:tribune:problem:{title.lower().replace(' ', '-')}"
    problem = Problem(type=kind, title=title, detail=detail, errors=faults)
    return Refused(ce_id=f"n{number}", inbox_sequence=number, kind="x", problem=problem)


def add(refusals: Refusals, one: Refused, *values: Any) -> None:
    refusals.add(one, Reference("INBOX_BOSTON", one.inbox_sequence), values)


def test_what_is_most_frequent_comes_first_with_its_first_example() -> None:
    refusals = Refusals()
    add(refusals, refused(1, "No such report.", title="Forbidden now"))
    add(refusals, refused(2, "No such place.", "/place"), "atlantis")
    add(refusals, refused(3, "No such place.", "/place"), "utopia")
    add(refusals, refused(4, "No such place.", "/place"), "utopia")
    add(refusals, refused(5, "No such place.", "/place"), MISSING)
    assert list(refusal_lines(refusals)) == [
        "        4  Unknown place at /place: No such place.",
        '                2  "utopia"   first: n3 INBOX_BOSTON/3',
        '                1  "atlantis"   first: n2 INBOX_BOSTON/2',
        "        1  Forbidden now: No such report.   first: n1 INBOX_BOSTON/1",
    ]
    place, report = refusal_figures(refusals)
    assert (place["refused"], place["pointer"], report["values"]) == (4, "/place", [])
    assert place["values"][0] == {
        "value": "utopia",
        "refused": 2,
        "first": {"ce_id": "n3", "message": "INBOX_BOSTON/3"},
    }
    assert refusals.total == 5


def test_who_sent_it_is_told_what_to_do() -> None:
    refusals = Refusals()
    assert list(what_to_do(refusals, "boston", None)) == []
    add(refusals, refused(1, "No such report.", title="Forbidden now"))
    (later,) = what_to_do(refusals, "boston", None)
    assert later.startswith("`tribune receipts --refused --source boston` tells it again later")
    add(refusals, refused(2, "No such sector.", "/sector", title="Unknown sector"), "trams")
    charter, later = what_to_do(refusals, "boston", Path("my suite"))
    assert "add what the charter does not know to its sectors.toml, start" in charter
    assert later.startswith(
        "`tribune receipts --refused --source boston --data-dir 'my suite'` tells it again later"
    )


def test_each_fault_of_a_message_counts_and_the_message_once() -> None:
    refusals = Refusals()
    add(refusals, refused(1, "Wrong.", "/place", "/sector"), 7, None)
    assert refusals.total == 1
    assert [reason.fault.pointer for reason in refusals] == ["/place", "/sector"]
    assert [list(reason.values) for reason in refusals] == [["7"], ["null"]]


def test_a_message_counts_once_for_a_reason_and_once_for_all_that_are_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("deploy.looking.refusals.MOST_REASONS", 1)
    refusals = Refusals()
    add(refusals, refused(1, "No.", "/place", "/place", "/a", "/b"), "x", "y")
    (reason,) = refusals
    assert (refusals.total, reason.count, refusals.others) == (1, 1, 1)


def test_a_reason_that_counts_bytes_is_one_reason() -> None:
    refusals = Refusals()
    for size in (300_000, 1_300_000):
        add(refusals, refused(size, f"The body has {size:,} bytes; 262,144 is the most."))
    assert [reason.count for reason in refusals] == [2]


def test_a_value_steers_no_terminal() -> None:
    refusals = Refusals()
    add(refusals, refused(1, "Wrong.", "/place"), "\x1b[2J\u202e")
    (_, line) = refusal_lines(refusals)
    assert line.isprintable()


def test_however_many_reasons_and_values_there_are_few_are_kept_and_all_are_counted() -> None:
    refusals, few, many = Refusals(), MOST_VALUES, 3 * MOST_VALUES
    for number in range(1, many + 1):
        add(refusals, refused(number, "Wrong.", "/place"), f"place-{number}")
    for number in range(MOST_REASONS + 10):
        add(refusals, refused(number, "Wrong.", f"/{chr(0x4E00 + number)}"))
    places = next(iter(refusals))
    assert (places.count, len(places.values), places.other_values) == (many, few, many - few)
    assert len(list(refusals)) == MOST_REASONS
    assert refusals.others == 11
    assert refusals.total == many + MOST_REASONS + 10
    lines = list(refusal_lines(refusals))
    assert len(lines) < 30
    assert f"{many - 5:,}  with other values" in lines[6]
    assert lines[-1].endswith("  for other reasons")


STRUCTURED = {"content-type": "application/cloudevents+json"}


@pytest.mark.parametrize(
    ("headers", "body", "values"),
    [
        ({"ce-id": "a", "ce-source": "x", "ce-type": "other"}, b"{}", [MISSING, "other"]),
        ({"Ce-Id": "a", "my-type": "b", "ce-source": "/"}, b"{}", [MISSING, MISSING]),
        ({"ce-id": "Ann " * 60, "ce-type": "Ann Lee 555"}, b"{}", [MISSING] * 4),
        (STRUCTURED, b'{"specversion": "2.0", "type": "t"}', [MISSING, MISSING, "2.0", "t"]),
        (STRUCTURED, b"[]", []),
    ],
)
def test_attributes_are_found_where_the_mode_has_them(
    headers: dict[str, str], body: bytes, values: list[Any]
) -> None:
    message = Message("inbox.boston.report.submitted", headers, body, 1)
    assert pointed_to(_refusal(message), message) == values


def test_fields_are_found_in_the_data_also_of_a_structured_message() -> None:
    kind, body = (
        "report.submitted",
        b'{"report": 7, "filed_at": "2030-01-07", "confidential": "no"}',
    )
    headers = {"ce-specversion": "1.0", "ce-id": "a", "ce-source": "/", "ce-type": kind}
    message = Message(f"inbox.boston.{kind}", headers, body, 1)
    faults = {fault.pointer: n for n, fault in enumerate(_refusal(message).problem.errors)}
    assert faults.keys() == {"/report", "/place", "/sector", "/filed_at", "/confidential"}
    envelope = b'{"specversion":"1.0","id":"a","source":"/","type":"%b","data":%b}'
    structured = Message(message.subject, STRUCTURED, envelope % (kind.encode(), body), 1)
    for each in (message, structured):
        values = pointed_to(_refusal(each), each)
        assert values[faults["/filed_at"]] == "2030-01-07"
        assert values[faults["/confidential"]] == "no"
        assert values[faults["/place"]] is MISSING


LIVES_THERE = "Ann Lee lives there, 617 555 0100"


@pytest.mark.parametrize(
    ("kind", "body", "told"),
    [
        ("report.submitted", b'"Ann Lee, 617 555 0100"', {}),
        (
            "report.submitted",
            json.dumps(
                dict.fromkeys(("report", "place", "sector", "filed_at", "confidential"))
                | {"text": "Ann\x00", "correspondent": "Ann Lee"}
            ),
            dict.fromkeys(("/place", "/sector", "/filed_at", "/confidential")),
        ),
        (
            "commitment.made",
            json.dumps(
                {"owner": "\x00", "task": "", "report": "", "commitment": [LIVES_THERE]}
                | {"place": LIVES_THERE, "sector": [LIVES_THERE], "made_at": LIVES_THERE}
                | {"due_at": "13/10/2030 08:00", "confidential": 5}
            ),
            {"/due_at": "13/10/2030 08:00", "/confidential": 5},
        ),
        (
            "report.resolved",
            json.dumps({"report": "1", "outcome": "fixed", "reason": "Ann\x00", "resolved_at": 1}),
            {"/outcome": "fixed", "/resolved_at": 1},
        ),
        (
            "report.submitted",
            json.dumps({"place": "X" * 999, "sector": float("nan"), "filed_at": 10**400}),
            {"/place": "X" * 80 + "…"},
        ),
        (
            "report.submitted",
            json.dumps(
                {
                    "place": "王小明住在北京路",
                    "sector": "0171-2345678",
                    "confidential": 4915112345678,
                }
            ),
            {},
        ),
        (
            "report.submitted",
            json.dumps(
                {"place": "Müller-Lüdenscheidt", "sector": "a.b-1", "filed_at": 617_555_0100}
            ),
            {"/sector": "a.b-1"},
        ),
    ],
)
def test_of_what_somebody_wrote_or_is_called_nothing_is_told(
    kind: str, body: str | bytes, told: dict[str, Any]
) -> None:
    """Only codes, moments and yes or no."""
    headers = {"ce-specversion": "1.0", "ce-id": "a", "ce-source": "/", "ce-type": kind}
    text = body if isinstance(body, bytes) else body.encode()
    message = Message(f"inbox.boston.{kind}", headers, text, 1)
    refusal = _refusal(message)
    pointers = [fault.pointer for fault in refusal.problem.errors]
    values = zip(pointers, pointed_to(refusal, message), strict=True)
    assert {pointer: value for pointer, value in values if value is not MISSING} == told


def _refusal(message: Message) -> Refused:
    """As intake refuses it."""
    kind = message.subject.removeprefix("inbox.boston.")
    with pytest.raises(RefusalError) as error:
        parse("boston", kind, message.headers, message.body)
    problem = error.value.problem
    return Refused(ce_id=None, inbox_sequence=message.sequence, kind=kind, problem=problem)
