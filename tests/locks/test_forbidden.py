"""Every act that is forbidden is tried as that user and refused, and the log stays as it is."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
from locked import EVENT, Locked
from tried_user import tried

from deploy.locks.accounts import CONNECTIONS
from deploy.locks.kinds import FOLDER, rights
from shared.contracts.inbox import INBOX_KINDS

pytestmark = pytest.mark.asyncio(loop_scope="module")

SERVICES = ("intake", "promotion", "publishing", "gate")
TOOLS = ("operator", "clock")
OUTSIDE = ("source-boston", "dashboard-press", "staff-anna", "member-boris")
ALL = (*SERVICES, *TOOLS, *OUTSIDE)
STREAMS = (
    *("INTAKE", "PROMOTION", "PUBLIC", "INBOX_BOSTON", "INBOX_CHICAGO", "RECEIPTS", "DEAD"),
    *("GATE", "OBJ_attachments", "OBJ_public_files"),
    *("POSITIONS", "LEASES", "TICKS", "CLOCK", "RECEIPTS_BOSTON", "RECEIPTS_CHICAGO"),
)
WRITERS = {
    "intake.report.ReportFiled.2.us": {"intake"},
    "promotion.member.MemberQualified.2": {"promotion"},
    "publishing.story.StoryProposed.2": {"publishing"},
    "lease.publishing.sweep": {"publishing"},
    "schedule.publishing.x": {"publishing"},
    "gate.release.Released.2": {"gate"},
    "public.check.CheckOverdue.us": {"gate"},
    "inbox.boston.report.submitted": {"source-boston", "intake"},
    "inbox.chicago.report.submitted": {"intake"},
    "inbox.boston.report.made-up": {"intake"},
    "inbox.boston": set(),
    "receipt.boston.accepted": {"intake"},
    "told.boston.accepted": {"intake"},
    "bookmark.boston": {"intake"},
    "dead.intake.INTAKE.1": {"intake"},
    "position.promotion.x": {"promotion"},
    "position.publishing.public-intake": {"gate"},
    "dead.publishing.INTAKE.1": {"gate"},
    "lease.publishing.projections.x": {"publishing"},
    "lease.publishing.relay.public-intake": {"gate"},
    "schedule.intake.x": {"intake"},
    "tick.intake.x": set(),
    "clock.set": {"clock"},
    "$O.attachments.C.x.y": {"intake"},
    "$O.attachments.M.x": {"intake"},
    "$O.public_files.C.x.y": {"intake"},
    "$O.public_files.M.x": {"intake"},
}
"""Who may write under a subject; `setup` is not looked at here."""

WRITERS |= {f"inbox.boston.{kind}": {"source-boston", "intake"} for kind in INBOX_KINDS}
WRITERS |= {f"inbox.chicago.{kind}": {"intake"} for kind in INBOX_KINDS}

READERS = {
    "INTAKE": {*SERVICES, "operator"} - {"publishing"},
    "PROMOTION": {*SERVICES, "operator"} - {"publishing"},
    "PUBLISHING": {"intake", "gate", "publishing", "operator"},
    "GATE": {"intake", "gate", "operator"},
    "RECEIPTS": {"intake", "operator"},
    "RECEIPTS_BOSTON": {"intake", "operator"},
    "RECEIPTS_CHICAGO": {"intake", "operator"},
    "INBOX_CHICAGO": {"intake", "operator"},
    "OBJ_attachments": {"intake", "operator"},
    "OBJ_public_files": {"intake", "publishing", "operator"},
    "DEAD": {*SERVICES, "operator"} - {"publishing"},
    "POSITIONS": {*SERVICES, "operator"} - {"publishing"},
}
"""Who may read a stream that is not public, in any way."""

DELETERS = {
    "DEAD": {"intake", "promotion", "gate"},
    "OBJ_attachments": {"intake"},
    "OBJ_public_files": {"intake"},
    "INBOX_BOSTON": {"intake"},
    "INBOX_CHICAGO": {"intake"},
    "RECEIPTS_BOSTON": {"intake"},
    "RECEIPTS_CHICAGO": {"intake"},
}
"""Who may delete a single message of a stream, or is refused by the stream itself: that of a source
has a name that no rule for all of them can tell from its inbox's."""

OF_THE_STAFF = (
    *("UnsealReport", "EraseReport", "ErasePerson", "WithdrawReport", "WithdrawCheck"),
    *("PassWords", "LiftShield"),
    *("AccreditCorrespondent", "RestBeat", "ResumeBeat", "HandOverBeat", "EndBeat"),
    *("PauseCheck", "ResumeCheck", "GrantMoreTime", "DeclineMoreTime"),
)
"""What `tribune` asks for somebody of the charter's staff: whoever may give it may name any."""

OF_A_PROGRAM = (
    *("FileReport", "ConfirmReport", "RefuteReport", "MarkDuplicate", "CloseReport"),
    *("AnswerReport", "OpenCheck", "ClaimDone", "RaiseOverdue"),
)
KINDS = sorted(path.stem for path in FOLDER.glob("*.toml"))
MENDING = {"cmd.intake.redrive", "cmd.intake.begin_again"}
OF_SETUP = ("GiveSourceKey", "ReplaceSourceKey", "RevokeSourceKey")

CONSUMER = {"stream_name": "", "config": {"name": "mine", "ack_policy": "none"}}


@dataclass(frozen=True)
class Act:
    who: str
    subject: str
    body: bytes = b""

    def __str__(self) -> str:
        return f"{self.who}: {self.subject}"


def consumer(stream: str, **config: object) -> bytes:
    asked = {"stream_name": stream, "config": {"name": "mine", "ack_policy": "none", **config}}
    return json.dumps(asked).encode()


def writing() -> Iterator[Act]:
    for subject, writers in WRITERS.items():
        for who in ALL:
            if who not in writers:
                yield Act(who, subject, EVENT)


def editing() -> Iterator[Act]:
    """Nobody but `setup`."""
    for stream in STREAMS:
        for who in ALL:
            yield Act(who, f"$JS.API.STREAM.UPDATE.{stream}", json.dumps({"name": stream}).encode())
            yield Act(who, f"$JS.API.STREAM.DELETE.{stream}")
            yield Act(who, f"$JS.API.STREAM.PURGE.{stream}")
    for stream in STREAMS:
        for who in sorted({*ALL} - DELETERS.get(stream, set())):
            yield Act(who, f"$JS.API.STREAM.MSG.DELETE.{stream}", b'{"seq": 1}')
    for who in ALL:
        yield Act(who, "$JS.API.STREAM.CREATE.MINE", b'{"name": "MINE", "subjects": ["mine"]}')
        yield Act(who, "$JS.API.STREAM.SNAPSHOT.INTAKE", b'{"deliver_subject": "x"}')
        yield Act(who, "$JS.API.STREAM.RESTORE.INTAKE", b"{}")
        yield Act(who, "$JS.API.STREAM.LEADER.STEPDOWN.INTAKE")
        yield Act(who, "$JS.API.ACCOUNT.PURGE.x")
    yield Act("setup", "$JS.API.STREAM.PURGE.INTAKE")
    for stream in STREAMS:
        if stream != "DEAD":
            yield Act("setup", f"$JS.API.STREAM.MSG.DELETE.{stream}", b'{"seq": 1}')
    yield Act("setup", "intake.report.ReportFiled.3.us", EVENT)
    yield Act("setup", "public.check.CheckOverdue.us", EVENT)
    yield Act("setup", "inbox.boston.report.submitted", EVENT)
    yield Act("setup", "cmd.intake.FileReport", b"{}")


def reading() -> Iterator[Act]:
    for stream, readers in READERS.items():
        for who in sorted({*ALL} - readers):
            yield Act(who, f"$JS.API.DIRECT.GET.{stream}", b'{"seq": 1}')
            yield Act(who, f"$JS.API.DIRECT.GET.{stream}.>")
            yield Act(who, f"$JS.API.STREAM.MSG.GET.{stream}", b'{"seq": 1}')
            yield Act(who, f"$JS.API.CONSUMER.CREATE.{stream}.mine", consumer(stream))
            yield Act(who, f"$JS.API.CONSUMER.CREATE.{stream}", consumer(stream))
            yield Act(who, f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.mine", consumer(stream))
            yield Act(who, f"$JS.API.CONSUMER.NAMES.{stream}")
            yield Act(who, f"$JS.API.CONSUMER.LIST.{stream}")


def outsiders() -> Iterator[Act]:
    """What they read with can't be widened, and is not another's."""
    for who in OUTSIDE:
        for stream in ("PUBLIC", "RECEIPTS", "RECEIPTS_BOSTON", "RECEIPTS_CHICAGO"):
            make = f"$JS.API.CONSUMER.CREATE.{stream}"
            yield Act(who, f"{make}.mine", consumer(stream))
            yield Act(who, f"{make}.{who}", consumer(stream, filter_subjects=[]))
            yield Act(who, f"{make}.mine.public.>", consumer(stream, deliver_subject="intake.x.y"))
            yield Act(who, f"$JS.API.CONSUMER.DURABLE.CREATE.{stream}.{who}", consumer(stream))
            yield Act(who, f"$JS.API.CONSUMER.DELETE.{stream}.{who}")
            yield Act(who, f"$JS.API.CONSUMER.PAUSE.{stream}.{who}", b"{}")
            yield Act(who, f"$JS.API.CONSUMER.UNPIN.{stream}.{who}", b"{}")
            for other in ("dashboard-radio", "source-chicago"):
                yield Act(who, f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{other}")
                yield Act(who, f"$JS.API.CONSUMER.INFO.{stream}.{other}")
                yield Act(who, f"$JS.API.CONSUMER.RESET.{stream}.{other}", b'{"seq": 9}')
                yield Act(who, f"$JS.ACK.{stream}.{other}.1.1.1.1.0", b"+ACK")
        yield Act(who, "$JS.API.STREAM.NAMES")
        yield Act(who, "$JS.API.STREAM.LIST")
        yield Act(who, "$JS.API.INFO")
        yield Act(who, "$JS.API.STREAM.INFO.INTAKE")
        yield Act(who, "$JS.tribune.API.STREAM.INFO.INTAKE")
        yield Act(who, "$JS.tribune.API.STREAM.DELETE.PUBLIC")
        yield Act(who, "$JS.tribune.API.DIRECT.GET.INTAKE", b'{"seq": 1}')
        # Of a batch the server sends whatever is asked for, whether anybody reads it or not.
        yield Act(who, "$JS.API.DIRECT.GET.PUBLIC", b'{"seq": 1, "batch": 9}')
    for who in ("source-boston", "staff-anna"):
        yield Act(who, "$JS.API.DIRECT.GET.PUBLIC", b'{"seq": 1}')
        yield Act(who, "$JS.API.STREAM.INFO.PUBLIC")


def counting() -> Iterator[Act]:
    """What would tell a source how much others send."""
    who = "source-boston"
    for stream in ("RECEIPTS", "RECEIPTS_BOSTON", "RECEIPTS_CHICAGO", "INBOX_CHICAGO"):
        yield Act(who, f"$JS.API.STREAM.INFO.{stream}")
        yield Act(who, f"$JS.API.DIRECT.GET.{stream}", b'{"last_by_subj": "bookmark.boston"}')
    for asked in ("INFO", "MSG.NEXT", "RESET"):
        yield Act(who, f"$JS.API.CONSUMER.{asked}.RECEIPTS.source-boston")


def asking() -> Iterator[Act]:
    """Commands are for staff, and what mends for the operator."""
    for who in {*ALL} - {"staff-anna"}:
        for command in OF_A_PROGRAM:
            yield Act(who, f"cmd.intake.{command}", b"{}")
    for who in sorted({*ALL, "setup"} - {"operator"}):
        yield Act(who, "cmd.intake.redrive", b'{"number": 1}')
        yield Act(who, "cmd.promotion.InviteStaff", b"{}")
        for command in OF_THE_STAFF:
            yield Act(who, f"cmd.intake.{command}", b"{}")
    for who in ALL:
        for command in OF_SETUP:
            yield Act(who, f"cmd.intake.{command}", b"{}")
        yield Act(who, "cmd.intake.begin_again", b'{"loop": "x"}')
        yield Act(who, "cmd.promotion.CreditReport", b"{}")
    for who in {*ALL} - {"staff-anna", "operator"}:
        yield Act(who, "query.intake.progress", b"{}")
        yield Act(who, "query.publishing.progress", b"{}")
    yield Act("staff-anna", "query.intake.swept", b"{}")


def of_the_server() -> Iterator[Act]:
    for who in (*ALL, "setup"):
        yield Act(who, "$SYS.REQ.CLAIMS.UPDATE", b"x")
        yield Act(who, "$SYS.REQ.CLAIMS.DELETE", b"x")
        yield Act(who, "$SYS.REQ.CLAIMS.LIST")
        yield Act(who, "$SYS.REQ.SERVER.PING.CONNZ")
        yield Act(who, "$SYS.REQ.SERVER.PING.CONFIGZ")


GROUPS = (writing, editing, reading, outsiders, counting, asking, of_the_server)
ACTS = sorted({act for group in GROUPS for act in group()}, key=str)
SUBSCRIBED = (
    *(">", "*", "intake.>", "promotion.>", "public.>", "inbox.>", "inbox.boston.>", "receipt.>"),
    *("told.>", "told.boston.>", "bookmark.>"),
    *("$SYS.>", "$JS.>", "$JS.API.>", "$JS.EVENT.ADVISORY.>", "_R_.>", "cmd.>", "query.>"),
)


@pytest.mark.parametrize("who", [*ALL, "setup"])
async def test_no_act_that_is_forbidden_gets_through(locked: Locked, who: str) -> None:
    """All of one user on one connection; each refused in words, and none answered."""
    user, before = await locked.as_user(who), await locked.log()
    acts = [act for act in ACTS if act.who == who]
    assert acts
    got_through = []
    for act in acts:
        user.violations.clear()
        answers = await user.ask(act.subject, act.body)
        if answers or not any(_names(said, act.subject) for said in user.violations):
            got_through.append((str(act), answers, list(user.violations)))
    assert got_through == []
    assert await locked.log() == before


@pytest.mark.parametrize("who", [*ALL, "setup"])
async def test_nobody_listens_to_what_is_not_for_him(locked: Locked, who: str) -> None:
    user = await locked.as_user(who)
    let_in = []
    for subject in SUBSCRIBED:
        if who in SERVICES and subject in ("cmd.>", "query.>"):
            continue  # of its own account: what others are asked does not come there
        user.violations.clear()
        subscription = await user.client.subscribe(subject)
        await user.client.flush()
        if not user.violations:
            let_in.append(subject)
        await subscription.unsubscribe()
    assert let_in == []


async def test_there_are_many_such_acts() -> None:
    asked = {each for kind in KINDS for _, each in rights(kind, "anna").of_services}
    commands = {each for each in asked if each.startswith("cmd.intake.")} - MENDING
    assert commands == {f"cmd.intake.{each}" for each in (*OF_A_PROGRAM, *OF_THE_STAFF, *OF_SETUP)}
    assert len(ACTS) + len(SUBSCRIBED) * (len(ALL) + 1) > 700


HEADERS: tuple[dict[str, str], ...] = (
    {"Nats-Rollup": "all"},
    {"Nats-Rollup": "sub"},
    {"Nats-TTL": "1s"},
    {"Nats-Schedule": "@every 1s", "Nats-Schedule-Target": "intake.report.X.1"},
    {"Nats-Schedule": "@every 1s", "Nats-Schedule-Target": "inbox.boston.x"},
    {"Nats-Expected-Stream": "INTAKE"},
    {"Nats-Expected-Last-Sequence": "9999"},
    {"Nats-Stream-Source": "INTAKE 1 > > x"},
    {"Nats-Incr": "+1"},
    {"Nats-Batch-Id": "x", "Nats-Batch-Sequence": "2", "Nats-Batch-Commit": "1"},
)


@pytest.mark.parametrize("headers", HEADERS, ids=str)
async def test_no_header_of_a_source_does_more_than_add_to_its_inbox(
    locked: Locked, headers: dict[str, str]
) -> None:
    before = await locked.log()
    user = await locked.as_user("source-boston")
    user.violations.clear()
    (answer,) = await user.ask("inbox.boston.report.submitted", EVENT, **headers)
    assert b'"error"' in answer
    assert await locked.log() == before


async def test_intake_takes_back_nothing_that_a_source_was_told(locked: Locked) -> None:
    user, before = await locked.as_user("intake"), await locked.log()
    user.violations.clear()
    (answer,) = await user.ask("$JS.API.STREAM.MSG.DELETE.RECEIPTS_BOSTON", b'{"seq": 1}')
    assert b'"error"' in answer
    assert await locked.log() == before


async def test_a_source_sends_nothing_that_is_too_large(locked: Locked) -> None:
    before = await locked.log()
    async with tried(locked.server.url, locked.given["source-chicago"]) as user:
        await user.client.publish("inbox.chicago.report.submitted", b"x" * (1024 * 1024 + 1))
        async with asyncio.timeout(5):
            while not user.client.is_closed:
                await asyncio.sleep(0.01)
    assert await locked.log() == before


async def test_nobody_outside_takes_all_connections(locked: Locked) -> None:
    async with AsyncExitStack() as ends:
        with pytest.raises(Exception, match="maximum"):
            for _ in range(CONNECTIONS + 1):
                await ends.enter_async_context(
                    tried(locked.server.url, locked.given["source-chicago"])
                )


FORGED = {
    "dashboard-press": (
        ("$JS.API.STREAM.INFO.PUBLIC", b""),
        ("$JS.API.STREAM.MSG.GET.PUBLIC", b'{"seq": 1}'),
        ("$JS.API.CONSUMER.MSG.NEXT.PUBLIC.dashboard-press", b'{"batch": 1}'),
        ("$JS.API.CONSUMER.INFO.PUBLIC.dashboard-press", b""),
        ("$JS.API.CONSUMER.RESET.PUBLIC.dashboard-press", b'{"seq": 1}'),
    ),
    "source-boston": (
        ("$JS.API.STREAM.INFO.INBOX_BOSTON", b""),
        ("$JS.API.CONSUMER.MSG.NEXT.RECEIPTS_BOSTON.source-boston", b'{"batch": 1}'),
    ),
    "member-boris": (("$JS.API.STREAM.MSG.GET.PUBLIC", b'{"seq": 1}'),),
    "promotion": (
        ("$JS.API.DIRECT.GET.INTAKE", b'{"seq": 1}'),
        ("$JS.API.STREAM.INFO.PROMOTION", b""),
    ),
    "operator": (("$JS.API.DIRECT.GET.INTAKE", b'{"seq": 1}'), ("$JS.API.STREAM.LIST", b"")),
}
"""The server answers wherever it is told to, and within one account into streams, too."""

PLACES = ("intake.report.ReportFiled.9.us", "public.a.B.us", "inbox.chicago.x", "inbox.boston.x")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("who", "subject", "body"), [(who, *each) for who, all_ in FORGED.items() for each in all_]
)
async def test_the_server_writes_no_answer_into_a_stream(
    locked: Locked, who: str, subject: str, body: bytes, place: str
) -> None:
    user, before = await locked.as_user(who), await locked.log()
    await user.ask(subject, body, reply=place)
    await _all_answered(locked, before)
    assert await locked.log() == before


async def test_an_acknowledgement_goes_into_no_stream_either(locked: Locked) -> None:
    before = await locked.log()
    taken = before["INBOX_BOSTON"][1]["messages"] + len(PLACES)
    user = await locked.as_user("source-boston")
    for place in PLACES:
        await user.ask("inbox.boston.report.submitted", EVENT, reply=place)
    async with asyncio.timeout(10):
        while (await locked.log())["INBOX_BOSTON"][1]["messages"] < taken:
            await asyncio.sleep(0.01)
    await _all_answered(locked, before)
    after = await locked.log()
    assert {name for name in after if after[name] != before[name]} == {"INBOX_BOSTON"}
    assert after["INBOX_BOSTON"][1]["messages"] == taken


async def test_within_one_account_it_would(locked: Locked) -> None:
    """Else the tests above would show nothing."""
    before = (await locked.log())["INTAKE"][1]["messages"]
    await locked.root.publish("$JS.API.STREAM.INFO.PUBLIC", b"", reply=PLACES[0])
    await locked.root.flush()
    async with asyncio.timeout(5):
        while (await locked.log())["INTAKE"][1]["messages"] == before:
            await asyncio.sleep(0.01)


async def test_a_push_consumer_of_a_service_writes_nothing_where_it_may_not(
    locked: Locked,
) -> None:
    """Who reads a stream makes its consumers, also such as deliver into a subject of another."""
    before = await locked.log()
    user = await locked.as_user("promotion")
    for place in ("public.a.B.us", "intake.report.ReportFiled.9.us", "inbox.boston.x"):
        body = consumer("PROMOTION", deliver_subject=place, inactive_threshold=10**9)
        await user.ask("$JS.API.CONSUMER.CREATE.PROMOTION.mine", body)
        await _all_answered(locked, before)
        await user.ask("$JS.API.CONSUMER.DELETE.PROMOTION.mine")
    messages = {name: state["messages"] for name, (_, state) in (await locked.log()).items()}
    assert messages == {name: state["messages"] for name, (_, state) in before.items()}


def _names(violation: str, subject: str) -> bool:
    """The server names what an account's own mapping has made of it."""
    told = subject, subject.replace("$JS.API.", "$JS.tribune.API.")
    return any(f'"{each.lower()}"' in violation.lower() for each in told)


async def _all_answered(locked: Locked, before: object) -> None:
    """What was asked before is answered before, at the latest with this."""
    for _ in range(20):
        if await locked.log() != before:
            return
        await locked.root.flush()
