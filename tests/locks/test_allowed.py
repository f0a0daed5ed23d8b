"""What each user may do is tried as that user, and the server does it."""

import asyncio
import json
from typing import Any

import pytest
from locked import EVENT, Locked
from nats.js.api import ConsumerConfig
from nats.js.errors import NotFoundError
from tried_user import Tried

from deploy.locks.following import stand_ready
from shared.eventsourcing.jetstream.objects import PUBLIC_FILES, Objects
from shared.eventsourcing.jetstream.reader import ReadFrom, open_reader
from shared.testing.examples import MONDAY

pytestmark = pytest.mark.asyncio(loop_scope="module")

FIRST, NEXT = b'{"seq": 1}', b'{"batch": 1, "no_wait": true}'

ALLOWED = (
    ("intake", "intake.report.ReportFiled.5.us", EVENT),
    ("intake", "receipt.boston.accepted", EVENT),
    ("intake", "told.boston.accepted", EVENT),
    ("intake", "bookmark.boston", EVENT),
    ("intake", "inbox.boston.report.submitted", EVENT),
    ("intake", "dead.intake.INTAKE.5", EVENT),
    ("intake", "position.intake.x", EVENT),
    ("intake", "$O.attachments.C.x.y", EVENT),
    ("intake", "$O.attachments.M.x", EVENT),
    ("intake", "$JS.API.DIRECT.GET.OBJ_attachments", FIRST),
    ("operator", "$JS.API.DIRECT.GET.OBJ_attachments", FIRST),
    ("intake", "$O.public_files.M.x", EVENT),
    ("publishing", "$JS.API.DIRECT.GET.OBJ_public_files", FIRST),
    ("intake", "lease.intake.x", EVENT),
    ("intake", "$JS.API.DIRECT.GET.INBOX_BOSTON", FIRST),
    ("intake", "$JS.API.STREAM.INFO.INBOX_CHICAGO", b""),
    ("intake", "$JS.API.DIRECT.GET.INTAKE.intake.report.ReportFiled.1.us", b""),
    ("promotion", "promotion.member.X.5", EVENT),
    ("promotion", "position.promotion.x", EVENT),
    ("promotion", "$JS.API.DIRECT.GET.INTAKE", FIRST),
    ("promotion", "$JS.API.STREAM.INFO.PROMOTION", b""),
    ("gate", "gate.release.Released.1", EVENT),
    ("gate", "public.a.B.us", EVENT),
    ("gate", "lease.publishing.relay.x", EVENT),
    ("gate", "position.publishing.public-intake", EVENT),
    ("gate", "dead.publishing.INTAKE.5", EVENT),
    ("gate", "$JS.API.DIRECT.GET.INTAKE", FIRST),
    ("gate", "$JS.API.DIRECT.GET.PROMOTION", FIRST),
    ("gate", "$JS.API.STREAM.INFO.PUBLIC", b""),
    ("publishing", "lease.publishing.projections.x", EVENT),
    ("publishing", "$JS.API.STREAM.INFO.PUBLIC", b""),
    ("publishing", "$JS.API.DIRECT.GET.PUBLIC", FIRST),
    ("operator", "$JS.API.STREAM.LIST", b""),
    ("operator", "$JS.API.STREAM.INFO.LEASES", b""),
    ("operator", "$JS.API.DIRECT.GET.INTAKE", FIRST),
    ("operator", "$JS.API.DIRECT.GET.RECEIPTS", FIRST),
    ("clock", "clock.set", EVENT),
    ("setup", "$JS.API.STREAM.LIST", b""),
    ("setup", "$JS.API.STREAM.CREATE.SPARE", b'{"name": "SPARE", "subjects": ["spare.>"]}'),
    ("setup", "$JS.API.STREAM.DELETE.SPARE", b""),
    ("setup", "position.intake.x", EVENT),
    ("source-boston", "inbox.boston.report.submitted", EVENT),
    ("source-boston", "$JS.API.STREAM.INFO.INBOX_BOSTON", b""),
    ("source-boston", "$JS.API.CONSUMER.INFO.RECEIPTS_BOSTON.source-boston", b""),
    ("source-boston", "$JS.API.CONSUMER.MSG.NEXT.RECEIPTS_BOSTON.source-boston", NEXT),
    ("source-boston", "$JS.API.CONSUMER.RESET.RECEIPTS_BOSTON.source-boston", FIRST),
    ("source-chicago", "inbox.chicago.report.submitted", EVENT),
    ("dashboard-press", "$JS.API.STREAM.INFO.PUBLIC", b""),
    ("dashboard-press", "$JS.API.STREAM.MSG.GET.PUBLIC", FIRST),
    ("dashboard-press", "$JS.API.CONSUMER.INFO.PUBLIC.dashboard-press", b""),
    ("dashboard-press", "$JS.API.CONSUMER.MSG.NEXT.PUBLIC.dashboard-press", NEXT),
    ("dashboard-press", "$JS.API.CONSUMER.RESET.PUBLIC.dashboard-press", FIRST),
    ("dashboard-radio", "$JS.API.CONSUMER.MSG.NEXT.PUBLIC.dashboard-radio", NEXT),
    ("member-boris", "$JS.API.STREAM.MSG.GET.PUBLIC", FIRST),
    ("member-boris", "$JS.API.STREAM.INFO.PUBLIC", b""),
)


@pytest.mark.parametrize(("who", "subject", "body"), ALLOWED)
async def test_what_is_allowed_is_done(locked: Locked, who: str, subject: str, body: bytes) -> None:
    user = await locked.as_user(who)
    user.violations.clear()
    answers = await user.ask(subject, body)
    assert user.violations == []
    assert answers
    assert b'"error"' not in answers[0]
    assert b"status 4" not in answers[0]
    assert b"status 503" not in answers[0]


async def test_intake_deletes_what_must_not_lie_in_an_inbox(locked: Locked) -> None:
    user = await locked.as_user("intake")
    user.violations.clear()
    for put, stream in (
        ("inbox.boston.report.submitted", "INBOX_BOSTON"),
        ("dead.intake.INBOX_BOSTON.9", "DEAD"),
    ):
        (stored,) = await user.ask(put, EVENT)
        asked = json.dumps({"seq": json.loads(stored)["seq"]}).encode()
        (deleted,) = await user.ask(f"$JS.API.STREAM.MSG.DELETE.{stream}", asked)
        assert b'"success":true' in deleted
    assert user.violations == []


async def test_the_site_sees_what_intake_shows_to_all_and_no_more(
    locked: Locked,
) -> None:
    intake, site = await locked.as_user("intake"), await locked.as_user("publishing")
    for user in (intake, site):
        user.violations.clear()
    shown, content = "7" * 32, bytes(range(256)) * 4096
    await Objects(intake.client, PUBLIC_FILES).put(shown, content, MONDAY)
    seen = Objects(site.client, PUBLIC_FILES)
    assert await seen.get(shown) == content
    assert await seen.get("8" * 32) is None
    assert (intake.violations, site.violations) == ([], [])
    assert await Objects(intake.client, PUBLIC_FILES).delete(shown)
    assert await seen.get(shown) is None


async def pulled(user: Tried, stream: str, consumer: str, count: int) -> list[Any]:
    inbox = user.client.new_inbox()
    subscription = await user.client.subscribe(inbox)
    asked = json.dumps({"batch": count, "expires": 5 * 10**9}).encode()
    await user.client.publish(f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}", asked, inbox)
    found = [await subscription.next_msg(5) for _ in range(count)]
    await subscription.unsubscribe()
    return found


async def test_a_dashboard_reads_from_the_first_event_follows_and_begins_again(
    locked: Locked,
) -> None:
    user = await locked.as_user("dashboard-radio")
    again = "$JS.API.CONSUMER.RESET.PUBLIC.dashboard-radio"
    for _ in range(2):
        await user.ask(again, FIRST)
        (first,) = await pulled(user, "PUBLIC", "dashboard-radio", 1)
        assert first.subject == "public.a.B.us"
        assert first.metadata.sequence.stream == 1
    end = (await locked.log())["PUBLIC"][1]["last_seq"]
    await user.ask(again, json.dumps({"seq": end + 1}).encode())
    waits = asyncio.create_task(pulled(user, "PUBLIC", "dashboard-radio", 1))
    gate = await locked.as_user("gate")
    await gate.ask("public.live.B.us", b"now")
    (live,) = await waits
    assert (live.subject, live.data) == ("public.live.B.us", b"now")


async def test_a_source_reads_its_own_receipts_and_no_others(locked: Locked) -> None:
    intake = await locked.as_user("intake")
    for source in ("chicago", "boston"):
        await intake.ask(f"told.{source}.refused", source.encode())
        await intake.ask(f"bookmark.{source}", source.encode())
    user = await locked.as_user("source-chicago")
    await user.ask("$JS.API.CONSUMER.RESET.RECEIPTS_CHICAGO.source-chicago", FIRST)
    info = await user.ask("$JS.API.CONSUMER.INFO.RECEIPTS_CHICAGO.source-chicago")
    waiting = json.loads(info[0])["num_pending"]
    found = await pulled(user, "RECEIPTS_CHICAGO", "source-chicago", waiting)
    assert waiting > 1
    assert {message.subject for message in found} == {
        "told.chicago.accepted",
        "told.chicago.refused",
    }


async def test_what_an_older_version_let_a_source_read_with_is_taken_away(locked: Locked) -> None:
    """There it saw sequences that all sources move."""
    jetstream, name = locked.root.jetstream(), "source-boston"
    await jetstream.add_consumer("RECEIPTS", ConsumerConfig(durable_name=name))
    await stand_ready(locked.root, locked.keyring)
    with pytest.raises(NotFoundError):
        await jetstream.consumer_info("RECEIPTS", name)
    assert (await jetstream.consumer_info("RECEIPTS_BOSTON", name)).name == name


async def test_a_source_without_streams_of_its_own_has_nothing_to_read_with(locked: Locked) -> None:
    """As one that the charter does not name any more."""
    locked.keyring.add("source", "gone")
    await stand_ready(locked.root, locked.keyring)


async def test_a_service_answers_whom_it_is_meant_for(locked: Locked) -> None:
    intake, staff = await locked.as_user("intake"), await locked.as_user("staff-anna")
    operator = await locked.as_user("operator")

    async def answer(message: Any) -> None:
        await message.respond(message.subject.encode())

    asked = ("cmd.intake.FileReport", "cmd.intake.redrive", "cmd.intake.begin_again")
    asked += ("cmd.intake.GiveSourceKey", "cmd.intake.RevokeSourceKey")
    for subject in (*asked, "query.intake.progress"):
        await intake.client.subscribe(subject, cb=answer)
    await intake.client.flush()
    for user, subject in (
        (staff, "cmd.intake.FileReport"),
        (staff, "query.intake.progress"),
        (operator, "cmd.intake.redrive"),
        (operator, "query.intake.progress"),
        (await locked.as_user("setup"), "query.intake.progress"),
        (await locked.as_user("setup"), "cmd.intake.begin_again"),
        (await locked.as_user("setup"), "cmd.intake.GiveSourceKey"),
        (await locked.as_user("setup"), "cmd.intake.RevokeSourceKey"),
    ):
        assert (await user.client.request(subject, b"", timeout=5)).data == subject.encode()


async def test_the_site_asks_the_gate_how_far_it_is(locked: Locked) -> None:
    gate, site = await locked.as_user("gate"), await locked.as_user("publishing")

    async def answer(message: Any) -> None:
        await message.respond(b"whole")

    await gate.client.subscribe("query.gate.standing", cb=answer)
    await gate.client.flush()
    assert (await site.client.request("query.gate.standing", b"", timeout=5)).data == b"whole"


async def test_a_service_answers_each_question_once_and_writes_nothing_else(
    locked: Locked,
) -> None:
    publishing, operator = await locked.as_user("publishing"), await locked.as_user("operator")
    places = []

    async def answer(message: Any) -> None:
        places.append(message.reply)
        await message.respond(b"once")

    await publishing.client.subscribe("query.publishing.progress", cb=answer)
    await publishing.client.flush()
    await operator.client.request("query.publishing.progress", b"", timeout=5)
    publishing.violations.clear()
    await publishing.ask(places[0], b"twice")
    assert publishing.violations


async def test_our_own_reader_reads_what_a_service_may(locked: Locked) -> None:
    user = await locked.as_user("promotion")
    async with open_reader(user.client, ReadFrom("INTAKE", 1, "promotion-credits")) as reader:
        messages = await reader.next()
    assert messages[0].sequence == 1
