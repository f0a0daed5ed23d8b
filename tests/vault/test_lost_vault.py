"""A lost store or master key is said at the start, and nothing is sealed under another one."""

from pathlib import Path

from nats.aio.client import Client
from service_process import service_process

from deploy.upkeep.pruning import left_over
from shared.eventsourcing.codec import SEALED
from shared.eventsourcing.jetstream.ends import ends_at
from shared.runtime.service import REFUSES
from shared.runtime.vault import upkeep
from shared.runtime.vault.beginning import subject_of
from shared.testing.servers import NatsServer


async def refused(server: NatsServer, folder: Path) -> str:
    async with service_process("intake", server, folder) as intake:
        assert await intake.ended() == REFUSES
    said = intake.said.splitlines()[-1]
    assert "Traceback" not in said
    assert "Nothing was done" in said
    return said


async def test_what_is_lost_is_told_and_what_to_do(
    server: NatsServer, nats: Client, tmp_path: Path
) -> None:
    store, key, aside = tmp_path / "vault.db", tmp_path / "vault.key", tmp_path / "aside"
    aside.mkdir()
    async with service_process("intake", server, tmp_path) as made:
        await made.ready()
    assert [each.stat().st_mode & 0o077 for each in (store, key)] == [0, 0]
    assert await left_over(nats) == []
    store.rename(aside / "vault.db")
    said = await refused(server, tmp_path)
    assert "vault.db, is not there" in said
    assert "tribune vault begin" in said
    assert not store.exists(), "no new one in its place"
    upkeep.begin_anew(store, key)
    assert "belongs to another log" in await refused(server, tmp_path)
    (aside / "vault.db").replace(store)
    right = key.read_bytes()
    key.write_bytes(b"another key, and a long one as is due")
    said = await refused(server, tmp_path)
    assert "vault.key, does not fit" in said
    assert right.decode() not in said
    key.unlink()
    assert "vault.key, is not there, but there is the store" in await refused(server, tmp_path)
    assert not key.exists(), "no new one in its place"
    key.write_bytes(right)
    async with service_process("intake", server, tmp_path) as again:
        await again.ready()


async def test_sealed_events_without_store_and_mark_are_noticed(
    server: NatsServer, nats: Client, tmp_path: Path
) -> None:
    """Positions can be lost like everything that follows from the log; the log itself knows."""
    headers = {SEALED: "text"}
    await nats.jetstream().publish("intake.report.x.y.z", b"{}", headers=headers)
    assert await ends_at(nats, "INTAKE") == 1
    assert "vault.db, is not there" in await refused(server, tmp_path)
    assert await left_over(nats) == []
    with_store = tmp_path / "with a store"
    with_store.mkdir()
    upkeep.begin_anew(with_store / "vault.db", with_store / "vault.key")
    async with service_process("intake", server, with_store) as intake:
        await intake.ready()
    mark = await nats.jetstream().get_last_msg("POSITIONS", subject_of("intake"))
    assert mark.data
