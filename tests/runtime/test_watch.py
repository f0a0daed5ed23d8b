"""While a service runs, damage to the streams that it stands on stops it, with words."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from nats.aio.client import Client
from watched import BOSTON, KB, WITHIN_S, edit, watching

from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.streams import declare, suite_streams
from shared.runtime.loops import Loop, Loops
from shared.runtime.watch import LOOKS_EVERY_S, Watch
from shared.testing.servers import NatsServer

BLOCKS = 3


async def fill_blocks(client: Client) -> None:
    """Of some 8 MB each."""
    for _ in range(3 * BLOCKS):
        await client.jetstream().publish("intake.x", b"x" * 3_500 * KB, timeout=WITHIN_S)


def blocks(server: NatsServer) -> list[Path]:
    folder = server.directory / "jetstream" / "$G" / "streams" / "INTAKE" / "msgs"
    (folder / "index.db").unlink(missing_ok=True)  # after a crash blocks are read again
    found = sorted(folder.glob("*.blk"), key=lambda path: int(path.stem))
    assert len(found) >= BLOCKS
    return found


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


DAMAGES: dict[str, tuple[Callable[[list[Path]], None], str]] = {
    "a flipped bit": (lambda found: flip(found[1]), "messages are gone from its middle"),
    "a lost block": (lambda found: found[1].unlink(), "messages are gone from its middle"),
    "a lost first block": (lambda found: found[0].unlink(), "INTAKE begins at"),
    "a lost last block": (lambda found: found[-1].unlink(), "INTAKE ends at .* reached 9 before"),
}


@pytest.mark.parametrize(("damage", "words"), DAMAGES.values(), ids=DAMAGES)
async def test_damage_to_a_log_is_found_though_the_server_says_nothing(
    log_server: NatsServer, damage: Callable[[list[Path]], None], words: str
) -> None:
    async with watching(log_server) as (client, watch):
        await declare(client.jetstream(), suite_streams(BOSTON))
        await fill_blocks(client)
        await watch.look()
        log_server.kill()
        damage(blocks(log_server))
        log_server.start()
        async with asyncio.timeout(WITHIN_S):
            while client.stats["reconnects"] == 0 or not client.is_connected:
                await asyncio.sleep(0.01)
        with pytest.raises(LogDamagedError, match=words):
            await watch.look()


async def test_before_the_streams_are_declared_they_are_missing_and_nothing_is_damaged(
    watch: Watch, bare_nats: Client
) -> None:
    await watch.look()
    assert set(watch.missing) == {config.name for config in suite_streams(BOSTON)}
    await declare(bare_nats.jetstream(), suite_streams(BOSTON))
    await watch.look()
    assert watch.missing == []


async def test_an_age_set_on_a_log_stops_the_service_within_moments(
    watch: Watch, declared: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It emptied INTAKE in two seconds, and nobody noticed."""
    monkeypatch.setattr("shared.runtime.watch.LOOKS_EVERY_S", 0.05)
    loops = Loops([Loop("watch", watch.run)])
    running = asyncio.create_task(loops.run())
    await edit(declared, "INTAKE", lambda config: setattr(config, "max_age", 3600))
    await asyncio.wait_for(loops.damaged.wait(), WITHIN_S)
    assert LOOKS_EVERY_S < 5
    assert loops.troubles() == ["watch: INTAKE: max_age is 3600.0, declared is None"]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("stream", ["INTAKE", "PUBLIC", "RECEIPTS", "INBOX_BOSTON", "DEAD"])
async def test_a_stream_that_somebody_deleted_is_damage(
    watch: Watch, declared: Client, stream: str
) -> None:
    await declared.jetstream().delete_stream(stream)
    with pytest.raises(LogDamagedError, match=f"the stream {stream} is gone"):
        await watch.look()


@pytest.mark.parametrize("stream", ["POSITIONS", "LEASES", "TICKS", "CLOCK", "RECEIPTS_BOSTON"])
async def test_a_stream_that_is_no_record_of_anything_is_waited_for(
    watch: Watch, declared: Client, stream: str
) -> None:
    """No service may make one: who makes a stream can have it filled from any other."""
    config = (await declared.jetstream().stream_info(stream)).config
    await watch.look()
    await declared.jetstream().delete_stream(stream)
    await watch.look()
    assert watch.missing == [stream]
    await declared.jetstream().add_stream(config)
    await watch.look()
    assert watch.missing == []


async def test_a_log_that_was_replaced_by_an_empty_one_went_backwards(
    watch: Watch, declared: Client
) -> None:
    await declared.jetstream().publish("public.x", b"")
    await watch.look()
    config = (await declared.jetstream().stream_info("PUBLIC")).config
    await declared.jetstream().delete_stream("PUBLIC")
    await declared.jetstream().add_stream(config)
    with pytest.raises(LogDamagedError, match="PUBLIC ends at 0, and reached 1 before"):
        await watch.look()


async def test_what_was_deleted_from_an_inbox_is_no_damage(watch: Watch, declared: Client) -> None:
    for _ in range(3):
        await declared.jetstream().publish("inbox.boston.x", b"")
    await declared.jetstream().delete_msg("INBOX_BOSTON", 2)
    await watch.look()
    assert watch.warnings == []


async def test_an_inbox_that_lets_nothing_be_deleted_is_told_and_minds_its_gaps(
    watch: Watch, declared: Client
) -> None:
    config = (await declared.jetstream().stream_info("INBOX_BOSTON")).config
    await declared.jetstream().delete_stream("INBOX_BOSTON")
    await declared.jetstream().add_stream(config.evolve(deny_delete=True))
    await watch.look()
    (told,) = watch.warnings
    assert "INBOX_BOSTON: what sources sent stays in it in the clear" in told
    assert "`tribune setup --anew INBOX_BOSTON`" in told


async def test_what_an_inbox_forgets_for_its_age_is_no_damage(
    watch: Watch, declared: Client
) -> None:
    for _ in range(3):
        await declared.jetstream().publish("inbox.boston.x", b"")
    await watch.look()
    usual = (await declared.jetstream().stream_info("INBOX_BOSTON")).config
    await declared.jetstream().update_stream(usual.evolve(max_age=0.2, duplicate_window=0.1))
    async with asyncio.timeout(WITHIN_S):
        while (await declared.jetstream().stream_info("INBOX_BOSTON")).state.messages:
            await asyncio.sleep(0.01)
    await declared.jetstream().update_stream(usual)
    await declared.jetstream().publish("inbox.boston.x", b"")
    await watch.look()
    assert watch.warnings == []
