"""A lost store or master key is said at the start, and nothing is sealed under another one."""

import asyncio
from pathlib import Path

import pytest
from nats.aio.client import Client
from service_process import service_process

from deploy.upkeep.pruning import left_over
from shared.eventsourcing.codec import PLAIN, SEALED
from shared.runtime.service import REFUSES
from shared.runtime.vault import upkeep
from shared.runtime.vault.beginning import follow_erasures, open_vault, subject_of
from shared.runtime.vault.errors import VaultLostError
from shared.runtime.vault.vault import Vault
from shared.testing.examples import REPORT_ERASED, new_event, report_id, varied
from shared.testing.servers import NatsServer


async def refused(server: NatsServer, folder: Path) -> str:
    async with service_process("intake", server, folder) as intake:
        assert await intake.ended() == REFUSES
    said = intake.said.splitlines()[-1]
    assert "Traceback" not in said
    assert "Nothing was done" in said
    return said


@pytest.mark.deep
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
    nats: Client, tmp_path: Path
) -> None:
    """Positions can be lost like everything that follows from the log; the log itself knows."""
    vault = Vault(tmp_path / "vault.db", tmp_path / "vault.key")
    await nats.jetstream().publish("intake.report.x.y.z", b"{}", headers={SEALED: "text"})
    with pytest.raises(VaultLostError, match=r"vault\.db, is not there"):
        await open_vault(nats, "intake", vault)
    assert list(tmp_path.iterdir()) == []
    begun = upkeep.begin_anew(vault.store_path, vault.key_path)
    await open_vault(nats, "intake", vault)
    mark = await nats.jetstream().get_last_msg("POSITIONS", subject_of("intake"))
    assert (mark.data or b"").decode() == begun == vault.store.id


async def test_an_erasure_that_was_written_down_is_done_at_the_start_and_meanwhile(
    nats: Client, tmp_path: Path
) -> None:
    """By whichever process: the one that wrote it down may be dead."""
    vault = Vault(tmp_path / "vault.db", tmp_path / "vault.key")
    await open_vault(nats, "intake", vault)
    ids = [report_id(number) for number in (1, 2, 3)]
    await vault.ahead(dict.fromkeys(ids, True))
    await _erased(nats, ids[0])
    again = Vault(vault.store_path, vault.key_path)
    await open_vault(nats, "intake", again)
    assert [again.store.wrapped(each) is None for each in ids] == [True, False, False]
    following = asyncio.create_task(follow_erasures(nats, "intake", vault))
    await _erased(nats, ids[1])
    async with asyncio.timeout(60):
        while vault.store.wrapped(ids[1]) is not None:
            await asyncio.sleep(0.01)
    following.cancel()
    assert vault.store.wrapped(ids[2]) is not None


async def _erased(nats: Client, about: str) -> None:
    event = varied(REPORT_ERASED, report_id=about)
    subject, headers, body = PLAIN.encode(new_event(event))
    await nats.jetstream().publish(subject, body, headers=headers)
