"""Streams are declared from code; what somebody changed in a live one is told and never undone."""

from typing import Any

import pytest
from nats.aio.client import Client
from nats.js.api import StreamConfig
from nats.js.errors import APIError

from deploy.upkeep.declaring import told
from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.differences import differences
from shared.eventsourcing.jetstream.streams import (
    Declared,
    InboxLimits,
    InboxLimitsError,
    NoStorageError,
    declare,
    inbox_stream,
    log_stream,
    suite_streams,
)

KB, MB, GB = 1024, 1024**2, 1024**3
SMALL = InboxLimits(max_bytes=64 * MB)
BOSTON = {"boston": SMALL}
INBOXES = {"boston": SMALL, "chicago": SMALL}


async def test_what_is_missing_is_created_and_named(bare_nats: Client) -> None:
    jetstream = bare_nats.jetstream()
    declared = suite_streams(INBOXES)
    assert await declare(jetstream, declared) == Declared([str(c.name) for c in declared])
    live = {info.config.name for info in await jetstream.streams_info()}
    assert live - {"REMAINS"} == {config.name for config in declared}


async def test_declaring_again_changes_nothing(bare_nats: Client) -> None:
    jetstream = bare_nats.jetstream()
    await declare(jetstream, suite_streams(INBOXES))
    before = {info.config.name: info for info in await jetstream.streams_info()}
    assert await declare(jetstream, suite_streams(INBOXES)) == Declared()
    after = {info.config.name: info for info in await jetstream.streams_info()}
    assert {name: info.config for name, info in after.items()} == {
        name: info.config for name, info in before.items()
    }


async def test_a_new_source_gets_its_inbox_beside_what_is_there(bare_nats: Client) -> None:
    jetstream = bare_nats.jetstream()
    await declare(jetstream, suite_streams(BOSTON))
    assert await declare(jetstream, suite_streams(INBOXES)) == Declared(
        ["INBOX_CHICAGO", "RECEIPTS_CHICAGO"]
    )


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("max_age", 60.0),
        ("max_msgs", 10),
        ("max_bytes", 10_000_000),
        ("max_msg_size", 300_000),
        ("max_msgs_per_subject", 1),
        ("subjects", ["intake.>", "elsewhere.>"]),
        ("deny_delete", False),
        ("deny_purge", False),
        ("allow_direct", False),
        ("allow_atomic", False),
    ],
)
async def test_a_changed_live_setting_is_a_clear_error_and_stays_as_it_is(
    bare_nats: Client, setting: str, value: object
) -> None:
    jetstream = bare_nats.jetstream()
    changed = log_stream("INTAKE")
    setattr(changed, setting, value)
    await jetstream.add_stream(changed)
    live = (await jetstream.stream_info("INTAKE")).config
    with pytest.raises(LogDamagedError, match=f"INTAKE: {setting} is .*, declared is"):
        await declare(jetstream, [log_stream("INTAKE")])
    assert (await jetstream.stream_info("INTAKE")).config == live


async def test_every_difference_is_named_and_what_is_missing_is_still_created(
    bare_nats: Client,
) -> None:
    jetstream = bare_nats.jetstream()
    for name in ("INTAKE", "PUBLIC"):
        changed = log_stream(name)
        changed.max_msgs = 10
        await jetstream.add_stream(changed)
    with pytest.raises(LogDamagedError) as raised:
        await declare(jetstream, suite_streams(BOSTON))
    assert "INTAKE: max_msgs" in str(raised.value)
    assert "PUBLIC: max_msgs" in str(raised.value)


def test_no_limit_is_no_limit_however_it_is_said() -> None:
    live = StreamConfig(**vars(log_stream("INTAKE")))
    live.max_msgs, live.max_bytes, live.max_age = -1, -1, 0
    assert differences(log_stream("INTAKE"), live) == []


async def test_nothing_can_be_deleted_from_a_log(nats: Client) -> None:
    jetstream = nats.jetstream()
    await jetstream.publish("intake.report.X.1.us", b"{}")
    with pytest.raises(APIError):
        await jetstream.delete_msg("INTAKE", 1)
    with pytest.raises(APIError):
        await jetstream.purge_stream("INTAKE")
    assert (await jetstream.stream_info("INTAKE")).state.messages == 1


def test_an_inbox_has_limits_and_refuses_what_is_new_when_it_is_full() -> None:
    config = inbox_stream("boston", InboxLimits(5 * MB, 8 * KB))
    assert (config.max_bytes, config.max_msg_size) == (5 * MB, 8 * KB)
    assert config.discard == "new"
    usual = inbox_stream("boston", InboxLimits())
    assert (usual.max_bytes, usual.max_msg_size) == (2 * GB, 272 * KB)


async def test_the_limits_of_a_live_inbox_are_changed_and_told(bare_nats: Client) -> None:
    jetstream = bare_nats.jetstream()
    await declare(jetstream, suite_streams(INBOXES))
    before = (await jetstream.stream_info("INBOX_BOSTON")).config
    wanted = INBOXES | {"boston": InboxLimits(32 * MB, 64 * KB)}
    done = await declare(jetstream, suite_streams(wanted))
    assert done.created == []
    assert [(d.stream, d.setting, d.live, d.declared) for d in done.changed] == [
        ("INBOX_BOSTON", "max_bytes", 64 * MB, 32 * MB),
        ("INBOX_BOSTON", "max_msg_size", 272 * KB, 64 * KB),
    ]
    after = (await jetstream.stream_info("INBOX_BOSTON")).config
    assert after == before.evolve(max_bytes=32 * MB, max_msg_size=64 * KB)
    assert await declare(jetstream, suite_streams(wanted)) == Declared()


async def test_an_inbox_from_before_there_were_limits_gets_them(bare_nats: Client) -> None:
    jetstream = bare_nats.jetstream()
    unlimited = inbox_stream("boston", SMALL)
    unlimited.max_bytes = unlimited.max_msg_size = None
    await jetstream.add_stream(unlimited)
    done = await declare(jetstream, suite_streams(BOSTON))
    assert [difference.setting for difference in done.changed] == ["max_bytes", "max_msg_size"]
    assert (await jetstream.stream_info("INBOX_BOSTON")).config.max_bytes == 64 * MB


async def test_an_inbox_remembers_ids_of_senders_for_a_moment_only(bare_nats: Client) -> None:
    """They stay in the server's memory: of a source that sends 60 KB of them with each message 2 GB
    came together in a minute. An inbox from before that is changed."""
    jetstream = bare_nats.jetstream()
    before = inbox_stream("boston", SMALL)
    before.duplicate_window = 120
    await jetstream.add_stream(before)
    (changed,) = (await declare(jetstream, suite_streams(BOSTON))).changed
    assert str(changed) == "INBOX_BOSTON: duplicate_window is 120.0, declared is 0.1"
    assert told(Declared([], [changed])) == [
        "INBOX_BOSTON: duplicate_window is now 0.1 s, was 120 s"
    ]
    assert (await jetstream.stream_info("INBOX_BOSTON")).config.duplicate_window == 0.1
    assert await declare(jetstream, suite_streams(BOSTON)) == Declared()


async def test_an_inbox_never_gets_less_than_it_holds(bare_nats: Client) -> None:
    jetstream = bare_nats.jetstream()
    await declare(jetstream, suite_streams(INBOXES))
    for _ in range(9):
        await jetstream.publish("inbox.boston.x", b"x" * 128 * KB)
    smaller = {"chicago": InboxLimits(2 * MB), "boston": InboxLimits(MB)}
    with pytest.raises(InboxLimitsError, match=r"INBOX_BOSTON holds 1,18.,... bytes.*1,048,576"):
        await declare(jetstream, suite_streams(smaller))
    for source in INBOXES:
        config = (await jetstream.stream_info(f"INBOX_{source.upper()}")).config
        assert config.max_bytes == 64 * MB, "nothing was changed"


@pytest.mark.parametrize(("setting", "value"), [("max_age", 60.0), ("deny_purge", False)])
async def test_anything_else_of_an_inbox_that_differs_is_an_error_and_its_limits_stay(
    bare_nats: Client, setting: str, value: Any
) -> None:
    jetstream = bare_nats.jetstream()
    changed = inbox_stream("boston", SMALL)
    setattr(changed, setting, value)
    await jetstream.add_stream(changed)
    with pytest.raises(LogDamagedError, match=f"INBOX_BOSTON: {setting} is") as raised:
        await declare(jetstream, suite_streams({"boston": InboxLimits(MB)}))
    assert "max_bytes" not in str(raised.value)
    assert (await jetstream.stream_info("INBOX_BOSTON")).config.max_bytes == 64 * MB


async def test_an_inbox_from_before_words_were_deleted_there_stays_as_it_is(
    bare_nats: Client,
) -> None:
    """A live stream can't give it up; `status` and `verify` say what that means."""
    jetstream = bare_nats.jetstream()
    older = inbox_stream("boston", SMALL)
    older.deny_delete = True
    await jetstream.add_stream(older)
    wanted = {"boston": InboxLimits(32 * MB)}
    done = await declare(jetstream, suite_streams(wanted))
    assert [difference.setting for difference in done.changed] == ["max_bytes"]
    live = (await jetstream.stream_info("INBOX_BOSTON")).config
    (difference,) = differences(inbox_stream("boston", wanted["boston"]), live)
    assert (difference.keeps_words, difference.is_damage) == (True, False)


async def test_what_one_inbox_gives_up_another_one_may_have(bare_nats: Client) -> None:
    """The server has 2 GB in all, and counts what is promised, not what is used."""
    jetstream = bare_nats.jetstream()
    both = {"boston": InboxLimits(200 * MB), "chicago": InboxLimits(1_700 * MB)}
    await declare(jetstream, suite_streams(both))
    other_way = {"boston": InboxLimits(1_700 * MB), "chicago": InboxLimits(200 * MB)}
    await declare(jetstream, suite_streams(other_way))
    assert (await jetstream.stream_info("INBOX_BOSTON")).config.max_bytes == 1_700 * MB


async def test_a_server_without_storage_for_an_inbox_is_an_error_of_its_own(
    bare_nats: Client,
) -> None:
    with pytest.raises(NoStorageError, match="INBOX_BOSTON with 3,221,225,472 bytes"):
        await declare(bare_nats.jetstream(), suite_streams({"boston": InboxLimits(3 * GB)}))


async def test_a_full_inbox_refuses_and_the_others_and_the_logs_go_on(bare_nats: Client) -> None:
    jetstream = bare_nats.jetstream()
    await declare(jetstream, suite_streams({"boston": InboxLimits(MB), "chicago": InboxLimits(MB)}))
    with pytest.raises(APIError) as full:
        for _ in range(20):
            await jetstream.publish("inbox.boston.x", b"x" * 128 * KB)
    assert (full.value.err_code, full.value.description) == (10077, "maximum bytes exceeded")
    for subject in ("inbox.chicago.x", "intake.x", "receipt.boston.x", "dead.x"):
        await jetstream.publish(subject, b"x" * 128 * KB)


async def test_an_oversize_message_is_refused_at_the_door(bare_nats: Client) -> None:
    jetstream = bare_nats.jetstream()
    await declare(jetstream, suite_streams({"boston": InboxLimits(MB, 4 * KB)}))
    await jetstream.publish("inbox.boston.x", b"x" * 4 * KB)
    with pytest.raises(APIError) as refused:
        await jetstream.publish("inbox.boston.x", b"x" * (4 * KB + 1))
    assert refused.value.err_code == 10054
