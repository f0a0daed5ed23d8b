"""Streams are declared from code; what somebody changed in a live one is told and never undone."""

import pytest
from nats.aio.client import Client
from nats.js.api import StreamConfig
from nats.js.errors import APIError

from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.streams import declare, differences, log_stream, suite_streams

SOURCES = ["boston", "chicago"]


async def test_what_is_missing_is_created_and_named(bare_nats: Client) -> None:
    jetstream = bare_nats.jetstream()
    declared = suite_streams(SOURCES)
    assert await declare(jetstream, declared) == [config.name for config in declared]
    live = {info.config.name for info in await jetstream.streams_info()}
    assert live - {"REMAINS"} == {config.name for config in declared}


async def test_declaring_again_changes_nothing(bare_nats: Client) -> None:
    jetstream = bare_nats.jetstream()
    await declare(jetstream, suite_streams(SOURCES))
    before = {info.config.name: info for info in await jetstream.streams_info()}
    assert await declare(jetstream, suite_streams(SOURCES)) == []
    after = {info.config.name: info for info in await jetstream.streams_info()}
    assert {name: info.config for name, info in after.items()} == {
        name: info.config for name, info in before.items()
    }


async def test_a_new_source_gets_its_inbox_beside_what_is_there(bare_nats: Client) -> None:
    jetstream = bare_nats.jetstream()
    await declare(jetstream, suite_streams(["boston"]))
    assert await declare(jetstream, suite_streams(SOURCES)) == ["INBOX_CHICAGO"]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("max_age", 60.0),
        ("max_msgs", 10),
        ("max_bytes", 10_000_000),
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
        await declare(jetstream, suite_streams(["boston"]))
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
