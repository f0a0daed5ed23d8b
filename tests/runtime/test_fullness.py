"""What runs full is told before it is full: an inbox, the server's store."""

from pathlib import Path

import pytest
from nats.aio.client import Client
from nats.js.errors import APIError
from own_server import own_server
from watched import BOSTON, KB, MB, edit, watching

from shared.eventsourcing.jetstream.streams import declare, suite_streams
from shared.runtime import metrics
from shared.runtime.watch import Watch


async def test_other_limits_of_an_inbox_are_told_and_stop_nobody(
    watch: Watch, declared: Client
) -> None:
    await edit(declared, "INBOX_BOSTON", lambda config: setattr(config, "max_bytes", 2 * MB))
    await watch.look()
    (warning,) = watch.warnings
    assert warning.startswith("INBOX_BOSTON: max_bytes is 2097152, declared is 1048576; `tribune s")


def _share_of(stream: str) -> float | None:
    return metrics.registry.get_sample_value("tribune_inbox_full_ratio", {"stream": stream})


async def test_how_full_an_inbox_is_is_always_measured_and_warned_of_when_it_is_nearly_full(
    watch: Watch, declared: Client
) -> None:
    await declared.jetstream().publish("inbox.boston.x", b"x" * 250 * KB)
    await watch.look()
    share = _share_of("INBOX_BOSTON")
    assert share is not None
    assert 0.24 < share < 0.26
    assert watch.warnings == []
    with pytest.raises(APIError):
        while True:
            await declared.jetstream().publish("inbox.boston.x", b"x" * 10 * KB)
    await watch.look()
    (warning,) = watch.warnings
    assert warning.startswith("INBOX_BOSTON is nearly full: ")
    assert "max_bytes in sources.toml" in warning
    assert watch.reasons == [], "the other sources are taken in"


async def test_a_store_that_fills_is_told_before_and_when_it_takes_nothing_more(
    tmp_path: Path,
) -> None:
    conf = "max_payload: 1MB\njetstream: {max_file: 10MB, sync_interval: always}"
    with own_server(tmp_path, conf) as server:
        async with watching(server) as (client, watch):
            await declare(client.jetstream(), suite_streams(BOSTON))
            jetstream, told = client.jetstream(), []
            with pytest.raises(APIError):
                while True:
                    await watch.look()
                    told.append((bool(watch.warnings), bool(watch.reasons)))
                    await jetstream.publish("intake.x", b"x" * 500 * KB)
            await watch.look()
            assert (False, False) in told
            assert (True, False) in told, "before it happens"
            (reason,) = watch.reasons
            assert reason.startswith("the log's store is full: 10.")
            share = metrics.registry.get_sample_value("tribune_store_full_ratio")
            assert share is not None
            assert share >= 0.9
