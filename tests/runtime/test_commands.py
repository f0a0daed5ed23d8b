"""Commands by request are held to the same types as what comes through an inbox."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
import structlog
from nats.aio.client import Client
from nats.errors import NoRespondersError
from structlog.testing import capture_logs

from deploy.asking import NotDoneError, request
from services.intake.app import CATEGORIES
from services.intake.domain.check import OpenCheck
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.runtime.broker import NotTooOften, make_broker
from shared.runtime.commands import COMMAND_ID, serve_commands
from shared.testing.examples import (
    CHECK_ID,
    CHECK_OPENED,
    DAY,
    DIGESTS,
    MONDAY,
    REPORT_FILED,
    REPORT_ID,
    ROXBURY,
)
from shared.testing.servers import NatsServer

TELEPHONE = "+1 617 555 0101"
FILE: dict[str, Any] = REPORT_FILED.model_dump(mode="json")
OPEN: dict[str, Any] = CHECK_OPENED.model_dump(mode="json")
CLAIM: dict[str, Any] = {
    "check_id": CHECK_ID,
    "owner": "Public Works",
    "done_at": MONDAY.isoformat(),
}
CONFIRM: dict[str, Any] = {"report_id": REPORT_ID, "reason": "Seen to"}


@pytest.fixture
async def asking(server: NatsServer, nats: Client) -> AsyncIterator[Client]:
    """Intake's commands are served, by a clock that stands still."""
    broker = make_broker(server.url, "intake")
    await broker.connect()
    handler = CommandHandler(JetStreamEventStore(broker.connection), CATEGORIES, lambda: MONDAY)
    for category in CATEGORIES:
        serve_commands(broker, "intake", handler, category.commands, lambda: MONDAY, DIGESTS)
    await broker.start()
    for category in CATEGORIES:
        for command in category.commands:
            await _answers(nats, command.__name__)
    yield nats
    await broker.stop()


async def _answers(client: Client, command: str) -> None:
    """Once the server knows who does."""
    while True:
        try:
            await ask(client, command, {})
        except NoRespondersError:
            await asyncio.sleep(0.01)
        except NotDoneError:
            return


async def ask(client: Client, command: str, body: dict[str, Any]) -> Any:
    return await request(client, f"cmd.intake.{command}", body)


async def stored(client: Client) -> int:
    return int((await client.jetstream().stream_info("INTAKE")).state.messages)


async def test_good_commands_are_done(asking: Client) -> None:
    assert await ask(asking, "FileReport", FILE) == {
        "id": REPORT_ID,
        "stream": "INTAKE",
        "sequence": 1,
        "new_events": 1,
    }
    await ask(asking, "ConfirmReport", CONFIRM)
    await ask(asking, "OpenCheck", OPEN)
    await ask(asking, "ClaimDone", CLAIM)
    assert await stored(asking) == 4


DECEIVING = ["a\0b", "a\nb", "a\u202eb", "a\U000e0041b", "\u200b", " ", "", "x" * 301, "a\ud800"]


async def refused(client: Client, command: str, body: dict[str, Any]) -> None:
    with pytest.raises(NotDoneError, match="Invalid command: The command's fields do not fit"):
        await ask(client, command, body)


async def test_a_line_that_no_inbox_would_take_is_refused(asking: Client) -> None:
    """A read model on PostgreSQL once stood still for ever because of 301 characters."""
    for field in ("owner", "task", "source_id"):
        for text in DECEIVING:
            await refused(asking, "OpenCheck", OPEN | {field: text})
    assert await stored(asking) == 0


async def test_which_field_is_wrong_is_told_and_not_what_stood_there(asking: Client) -> None:
    with pytest.raises(NotDoneError) as told:
        await ask(asking, "FileReport", FILE | {"sector": TELEPHONE, "filed_at": TELEPHONE})
    assert "sector: must be a code of small letters, digits and hyphens; " in str(told.value)
    assert TELEPHONE not in str(told.value)


async def test_an_id_is_an_id(asking: Client) -> None:
    """A `*` was loaded as everything there is: 42 s and 676 MB."""
    for command, body, field in (
        ("FileReport", FILE, "report_id"),
        ("FileReport", FILE, "correspondent"),
        ("ConfirmReport", CONFIRM, "report_id"),
        ("OpenCheck", OPEN, "check_id"),
        ("OpenCheck", OPEN, "report_id"),
        ("ClaimDone", CLAIM, "check_id"),
    ):
        for id_ in ("*", ">", "a.b", "", "A" * 32, "0" * 31, "0" * 33, "0" * 32 + "\n"):
            await refused(asking, command, body | {field: id_})
    assert await stored(asking) == 0


async def test_every_other_field_is_what_an_inbox_would_take(asking: Client) -> None:
    bad: dict[str, list[Any]] = {
        "place": ["US", "us.*", "us..ma", "a.b.c.d.e.f.g.h.i"],
        "sector": ["a.b", "*", "A"],
        "source": ["*", "a b", "x" * 31],
        "text": ["a\0b", "x" * 20_001],
        "confidential": ["no", "true", 0, 1, None],
        "filed_at": [1_893_974_400, "2030-01-07T12:00:00", "9999-12-31T23:59:59Z", "1899-01-01"],
    }
    for field, values in bad.items():
        for value in values:
            await refused(asking, "FileReport", FILE | {field: value})
    assert await stored(asking) == 0


async def test_a_moment_is_kept_in_utc(asking: Client) -> None:
    await ask(asking, "FileReport", FILE | {"filed_at": "2030-01-07T07:00:00-05:00"})
    message = await asking.jetstream().get_msg("INTAKE", 1)
    assert b'"filed_at":"2030-01-07T12:00:00Z"' in (message.data or b"")


async def test_now_is_ours_to_say(asking: Client) -> None:
    """With a `now` of its own somebody could claim for tomorrow, or raise what is not due."""
    await ask(asking, "OpenCheck", OPEN)
    there = await stored(asking)
    tomorrow = (MONDAY + DAY).isoformat()
    with pytest.raises(NotDoneError, match="Forbidden now: It is claimed done at a time that has"):
        await ask(asking, "ClaimDone", CLAIM | {"done_at": tomorrow, "now": tomorrow})
    late = {"check_id": CHECK_ID, "due_at": OPEN["due_at"], "now": (MONDAY + 90 * DAY).isoformat()}
    assert (await ask(asking, "RaiseOverdue", late))["new_events"] == 0
    assert await stored(asking) == there


async def test_a_command_id_makes_a_repetition_harmless(asking: Client) -> None:
    answers = {"report_id": REPORT_ID, "answer": "Soon"}, {"report_id": REPORT_ID, "answer": "Now"}
    await ask(asking, "FileReport", FILE)
    for answer in answers:
        for _again in (1, 2):
            await _answer_report(asking, answer)
    await _answer_report(asking, answers[0])
    assert await stored(asking) == 3


async def _answer_report(client: Client, body: dict[str, Any]) -> None:
    """Under an id that is its text."""
    headers = {COMMAND_ID: str(body["answer"])}
    answer = await client.request(
        "cmd.intake.AnswerReport", json.dumps(body).encode(), timeout=60, headers=headers
    )
    assert "status" not in (answer.headers or {}), answer.data


async def test_what_only_a_newer_process_can_decide_is_to_be_tried_again(asking: Client) -> None:
    """It is no fault of the command, nor one of ours that a trace in the log would help to find."""
    await ask(asking, "FileReport", FILE)
    filed = await asking.jetstream().get_msg("INTAKE", 1, direct=True)
    schema = {"ce-dataschema": "urn:tribune.intake.ReportFiled:99", "ce-revision": "2"}
    own = {k: v for k, v in (filed.headers or {}).items() if k.startswith("ce-")} | schema
    subject = str(filed.subject).replace(ROXBURY, "us.ma")
    await asking.jetstream().publish(subject, filed.data or b"", headers=own)
    words = r"Try again later: NewerEventError: .* is newer"
    with capture_logs() as lines, pytest.raises(NotDoneError, match=words):
        await ask(asking, "ConfirmReport", CONFIRM)
    assert not [line for line in lines if line["log_level"] == "error"]


async def test_many_at_once_are_each_answered(asking: Client) -> None:
    bodies = [FILE | {"report_id": f"{n:032x}"} for n in range(50)]
    said = await asyncio.gather(*(ask(asking, "FileReport", body) for body in bodies))
    assert sorted(answer["sequence"] for answer in said) == list(range(1, 51))


async def answer_to(client: Client, body: bytes, headers: dict[str, str] | None = None) -> str:
    answer = await client.request("cmd.intake.OpenCheck", body, headers=headers, timeout=60)
    return f"{json.loads(answer.data)}"


async def test_a_field_that_is_named_twice_is_refused(asking: Client) -> None:
    """The last one counted: `true`, then `false`, made a confidential check public."""
    twice = json.dumps(OPEN | {"confidential": True})[:-1] + ', "confidential": false}'
    assert "An object names a field twice." in await answer_to(asking, twice.encode())
    assert await stored(asking) == 0


@pytest.mark.parametrize("body", [b"", b"\xff", b"[" * 100_000, b'{"a":' + b"9" * 5_000 + b"}"])
async def test_what_is_no_json_is_no_fault_of_ours(asking: Client, body: bytes) -> None:
    """Each left a traceback in the log."""
    with capture_logs() as logs:
        assert "The body is no JSON." in await answer_to(asking, body)
    assert [log for log in logs if log["log_level"] != "debug"] == []


@pytest.mark.parametrize("given", ["a\x1b[31mb", "a\u202eb", "x" * 201, "a\0b"])
async def test_a_correlation_id_is_what_an_inbox_would_take(asking: Client, given: str) -> None:
    """It goes into the headers of all that follows, and into every line of the log."""
    body = json.dumps(OPEN).encode()
    assert "correlation_id must be" in await answer_to(asking, body, {"correlation_id": given})
    assert await stored(asking) == 0
    assert "new_events" in await answer_to(asking, body, {"correlation_id": "one, two"})


async def test_of_a_command_that_fails_the_log_tells_the_digest(
    server: NatsServer, nats: Client
) -> None:
    """The line bore none, so nobody could find it again."""

    def breaks() -> datetime:
        raise ZeroDivisionError("ours")

    broker = make_broker(server.url, "intake")
    await broker.connect()
    handler = CommandHandler(JetStreamEventStore(broker.connection), CATEGORIES, breaks)
    serve_commands(broker, "intake", handler, [OpenCheck], lambda: MONDAY, DIGESTS)
    with capture_logs([structlog.contextvars.merge_contextvars]) as logs:
        await broker.start()
        await _answers(nats, "OpenCheck")
        said = await answer_to(nats, json.dumps(OPEN).encode(), {"correlation_id": TELEPHONE})
        await broker.stop()
    assert "ZeroDivisionError" in said
    (line,) = [log for log in logs if log["event"] == "command failed"]
    assert line["correlation_id"] == DIGESTS.of("request", "intake", TELEPHONE)


async def test_no_line_bears_what_the_asker_calls_a_message(asking: Client) -> None:
    """FastStream gives its own lines the correlation id as it came."""
    with capture_logs() as logs:
        said = await answer_to(asking, json.dumps(OPEN).encode(), {"correlation_id": TELEPHONE})
    assert "new_events" in said
    received = [log for log in logs if log["event"] == "Received"]
    assert [log["extra"]["subject"] for log in received] == ["cmd.intake.OpenCheck"]
    assert TELEPHONE not in str(logs)


def test_what_is_said_of_each_dropped_message_is_said_once() -> None:
    with capture_logs() as logs:
        logger = NotTooOften(structlog.get_logger())
        for _message in range(1_000):
            logger.log(logging.WARNING, "Connection broken with SlowConsumerError()", extra={})
        logger.log(logging.WARNING, "another")
        for _each in range(2):
            logger.log(logging.INFO, "usual")
    assert [log["event"][:7] for log in logs] == ["Connect", "another", "usual", "usual"]
