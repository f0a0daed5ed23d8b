"""Two members with credits in the log, another charter, and the commands about them."""

import asyncio
from pathlib import Path

import pytest
from charters import copied
from crediting import credit
from nats.aio.client import Client
from typer.testing import CliRunner, Result

from deploy.cli import app
from services.promotion.domain.member import CreditReport, TakeBackOutcome, category
from services.promotion.domain.track import Track
from shared.eventsourcing.command_handler import CommandHandler, Envelope
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.testing.examples import MONDAY
from shared.testing.servers import NatsServer

ONE, OTHER = "1" * 32, "2" * 32
TRACK = Track("correspondent", 1, "Correspondent", 2, 1, 1, 1.0)
TOLD = """[[track]]
name = "correspondent"
version = 2
title = "Correspondent"
confirmed = 3
sectors = 1
days = 1
refuted_share = 1.0
"""


async def lived(nats: Client) -> None:
    """The first has three credits, the other two; both are qualified by two."""
    handler = CommandHandler(JetStreamEventStore(nats), [category([TRACK])], lambda: MONDAY)
    commands = [
        CreditReport(credit(day, int(member[0]), member=member))
        for member, reports in ((ONE, 3), (OTHER, 2))
        for day in range(reports)
    ]
    outcomes = await handler.handle(
        [Envelope(each, f"{each.member_id} {at}") for at, each in enumerate(commands)]
    )
    assert not any(outcome.error for outcome in outcomes)


async def taken_back(nats: Client, member: str) -> None:
    """The first report of the member was reopened."""
    judged = category([TRACK], takes_back=True)
    handler = CommandHandler(JetStreamEventStore(nats), [judged], lambda: MONDAY)
    first = credit(0, int(member[0]), member=member)
    command = TakeBackOutcome(
        member_id=member,
        report_id=first.report_id,
        place=first.place,
        sector=first.sector,
        confidential=first.confidential,
        protected=first.protected,
        on=MONDAY.date(),
        taken_back_for=first.earned_by,
    )
    (outcome,) = await handler.handle([Envelope(command, "reopened")])
    assert not outcome.error


async def ran(*given: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, ["promotion", *given])


@pytest.fixture
def charter(tmp_path: Path, server: NatsServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRIBUNE_NATS_URL", server.url)
    directory = copied(tmp_path)
    (directory / "tracks.toml").write_text(TOLD)
    return directory
