"""A stream is begun anew only while nobody runs that reads or writes it."""

import signal
from pathlib import Path

import pytest
from nats.aio.client import Client
from service_process import service_process

from deploy.upkeep.anew import CannotBeginAnewError, begin_anew
from shared.eventsourcing.jetstream.streams import InboxLimits
from shared.runtime.settings import Settings
from shared.testing.servers import NatsServer

INBOXES = {"boston": InboxLimits()}


@pytest.mark.parametrize(
    ("service", "stream"),
    [
        ("promotion", "PROMOTION"),
        ("gate", "PROMOTION"),
        ("gate", "PUBLIC"),
        ("publishing", "PUBLIC"),
        ("intake", "RECEIPTS"),
        ("intake", "INBOX_BOSTON"),
    ],
)
async def test_who_would_take_its_new_end_for_damage_has_to_be_stopped_first(
    server: NatsServer, nats: Client, tmp_path: Path, service: str, stream: str
) -> None:
    async with service_process(service, server, tmp_path) as running:
        await running.ready()
        with pytest.raises(CannotBeginAnewError, match=f"{service} runs; stop it first"):
            await begin_anew(nats, Settings(data_dir=tmp_path), INBOXES, stream)


@pytest.mark.deep
async def test_who_does_not_answer_in_time_runs_all_the_same(
    server: NatsServer, nats: Client, tmp_path: Path
) -> None:
    """It may be frozen, or busy with a large batch of rows."""
    async with service_process("publishing", server, tmp_path) as running:
        await running.ready()
        running.process.send_signal(signal.SIGSTOP)
        try:
            with pytest.raises(CannotBeginAnewError, match="publishing runs"):
                await begin_anew(nats, Settings(data_dir=tmp_path), INBOXES, "PUBLIC")
        finally:
            running.process.send_signal(signal.SIGCONT)
