"""What is marked as sealed is in no message, opens for who has the key, and costs no one else."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from drawn import any_event
from hypothesis import given
from hypothesis import strategies as st
from nats.aio.client import Client
from sealing import KeyRing
from sqlalchemy import Engine, select

from deploy.looking.why import explain
from services.intake.domain import check, report
from services.intake.domain.report import AnswerReport, FileReport
from services.intake.projections import reports
from services.promotion.domain.member import category
from services.promotion.reactions import REACTIONS
from shared.contracts.event import Event
from shared.contracts.registry import EVENT_TYPES
from shared.contracts.sealed import CLOSED, sealed_fields
from shared.eventsourcing.codec import PLAIN, SEALED, Codec, Spot
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.headers import HeaderLines
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.eventsourcing.jetstream.wire import Outgoing, hpub
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.reactor import Reactor
from shared.testing.examples import EXAMPLES, MONDAY, REPORT_FILED, REPORT_ID, new_event, varied

TYPES = list(EVENT_TYPES.values())
WHO_HANDLES_EVENTS = {
    *("JetStreamEventStore", "Reactor", "Relay", "Projector", "Projections", "Follower", "Log"),
    *("Case", "decoded"),
}
HANDED_ON_IN = ("services", "shared/runtime", "shared/eventsourcing/projections", "deploy")
SAID = "Ada of number 12 told me"
KEY = AggregateKey("intake", "report", REPORT_ID)
FILE = FileReport(varied(REPORT_FILED, text=SAID))
ANSWER = AnswerReport(REPORT_ID, f"{SAID}; we thank her", MONDAY)


def handler(client: Client, codec: Codec) -> CommandHandler:
    store = JetStreamEventStore(client, codec)
    return CommandHandler(store, (report.category, check.category), lambda: MONDAY)


async def log(client: Client) -> list[Message]:
    last = (await client.jetstream().stream_info("INTAKE")).state.last_seq
    found: list[Message] = []
    async with open_reader(client, ReadFrom("INTAKE", 1)) as reader:
        while len(found) < last:
            found += await reader.next()
    return found


def texts(event: Event) -> set[str]:
    return {text for field in sealed_fields(type(event)) if (text := getattr(event, field))}


async def test_the_log_holds_no_sealed_text_and_who_has_the_key_decides_on_it(
    nats: Client,
) -> None:
    """An event from before, which is plain, stays readable to all."""
    old, sealing = handler(nats, PLAIN), Codec(KeyRing())
    await old.handle([Envelope(FILE, "file")])
    for _ in ("said", "said again"):
        afresh = handler(nats, sealing)
        (outcome,) = await afresh.handle([Envelope(ANSWER, "answer")])
        (other,) = await afresh.handle([Envelope(ANSWER, "the same under another id")])
        assert (outcome.error, other.duplicate) == (None, True), "it knows what was answered"
    filed, answered = await log(nats)
    assert SAID.encode() in filed.body
    assert SEALED not in filed.headers
    assert (answered.headers[SEALED], b"Ada" in answered.body) == ("answer", False)
    for codec, seen in ((sealing, ANSWER.answer), (PLAIN, CLOSED), (Codec(KeyRing()), CLOSED)):
        first, second = await JetStreamEventStore(nats, codec).load(KEY)
        assert (texts(first.event), texts(second.event)) == ({SAID}, {seen})


async def test_who_may_not_read_it_goes_on_without(nats: Client, database: Engine) -> None:
    """A reaction, rows and `why`, none of which needs the text."""
    keys = KeyRing()
    await handler(nats, Codec(keys)).handle([Envelope(FILE, "file")])
    messages = await log(nats)
    keys.keys.clear()
    prepare(database, [reports.read_model])
    for codec in (Codec(keys), PLAIN):
        projector = Projector(database, [reports.read_model], codec=codec)
        if projector.begin() == 0:
            projector.apply(messages)
        (decoded,) = projector.decoded(messages).events
        assert texts(decoded.event) == {CLOSED}
        lines = [line async for line in explain(nats, "INTAKE/1", codec)]
        assert lines[0].what == "ReportFiled"
        members = CommandHandler(JetStreamEventStore(nats, codec), [category(())], lambda: MONDAY)
        (asked,) = Reactor(nats, REACTIONS[0], members, codec)._prepare(messages)
        assert (asked.error, asked.envelopes) == (None, [])
    with database.connect() as connection:
        assert len(connection.execute(select(reports.read_model.table)).all()) == 1


@given(st.data())
def test_any_event_comes_back_as_it_was_and_is_closed_to_others(data: st.DataObject) -> None:
    event_type = data.draw(st.sampled_from([each for each in TYPES if sealed_fields(each)]))
    event = data.draw(any_event(event_type))
    codec, new = Codec(KeyRing()), new_event(event)
    subject, headers, body = codec.encode(new)
    assert codec.decode(headers, body, 7).event == event
    for read in (PLAIN.decode, PLAIN.decode_known, Codec(KeyRing()).decode):
        found = read(headers, body, 7)
        assert found is not None
        closed = {field: CLOSED for field in sealed_fields(type(event)) if getattr(event, field)}
        assert found.event == event.model_copy(update=closed)
        assert (found.id, found.cause, subject) == (new.id, new.cause, event.subject)


def test_a_sealed_text_opens_nowhere_else() -> None:
    codec = Codec(KeyRing())
    one, other = (new_event(REPORT_FILED, command=each) for each in ("one", "other"))
    _, headers, body = codec.encode(one)
    _, others, _ = codec.encode(other)
    assert codec.decode(headers, body, 1).event == REPORT_FILED
    assert texts(codec.decode(others, body, 1).event) == {CLOSED}


def test_what_is_sealed_is_read_as_it_comes_from_the_server() -> None:
    codec = Codec(KeyRing())
    subject, headers, body = codec.encode(new_event(REPORT_FILED))
    command = hpub(Outgoing(subject, body, headers), {"Nats-Batch-Sequence": "1"})
    lines = HeaderLines(command.partition(b"\r\n")[2].removesuffix(body + b"\r\n"))
    assert codec.decode(lines, body, 1).event == REPORT_FILED


@pytest.mark.parametrize("event_type", TYPES, ids=lambda t: t.type_name())
def test_a_marked_field_can_stand_closed(event_type: type[Event]) -> None:
    """Else whoever may not open it could not read the event at all."""
    for field, mark in sealed_fields(event_type).items():
        example = EXAMPLES[event_type.type_name()]
        assert isinstance(getattr(example, mark.under), str)
        assert not mark.when or isinstance(getattr(example, mark.when), bool)
        assert getattr(varied(example, **{field: CLOSED}), field) == CLOSED


def test_everybody_in_a_service_and_in_verify_and_why_is_handed_the_codec() -> None:
    """Who forgets it would write in plain, or never see what it may."""
    forgetful = [
        f"{path}:{call.lineno}"
        for folder in HANDED_ON_IN
        for path in sorted(Path(folder).rglob("*.py"))
        for call in _calls(path)
        if not any("codec" in ast.unparse(each) for each in (*call.args, *call.keywords))
    ]
    assert forgetful == []


def _calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in WHO_HANDLES_EVENTS:
            yield node


class OnlyWhatMust(KeyRing):
    def seal(self, text: str, spot: Spot, *, must: bool) -> str | None:
        return super().seal(text, spot, must=must) if must else None


@pytest.mark.parametrize(
    ("hidden", "sealed"),
    [
        ({"confidential": True, "protected": False}, "point"),
        ({"confidential": False, "protected": True}, "point"),
        ({"confidential": False, "protected": False}, None),
    ],
)
def test_a_point_is_sealed_unless_the_report_is_public(
    hidden: dict[str, bool], sealed: str | None
) -> None:
    """Where somebody lives may not stand open as words of a protected report may."""
    filed = varied(REPORT_FILED, text="", point="42.2715,-71.0772", **hidden)
    _, headers, body = Codec(OnlyWhatMust()).encode(new_event(filed))
    assert headers.get(SEALED) == sealed
    assert (b"42.2715" in body) is (sealed is None)
