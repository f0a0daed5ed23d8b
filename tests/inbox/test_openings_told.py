"""A source is told how often its reports were opened, by which roles; and nothing of others."""

from pathlib import Path

from nats.aio.client import Client
from over_http import door
from own_vault import vault_in
from sqlalchemy import Engine
from upstream import submitted

from services.intake.projections import unsealed
from shared.contracts.identity import aggregate_id
from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.runtime.vault.holders import Holders
from shared.testing.examples import REPORT_UNSEALED, recorded, varied


async def test_openings_are_told_with_the_receipt_to_its_own_source(
    nats: Client, database: Engine, tmp_path: Path
) -> None:
    await declare(nats.jetstream(), suite_streams({"chicago": InboxLimits(max_bytes=64 * 1024**2)}))
    prepare(database, [unsealed.read_model])
    projector = Projector(database, [unsealed.read_model])
    first = projector.begin() + 1
    own = aggregate_id("report", "boston", "1")
    events = [
        varied(REPORT_UNSEALED, report_id=own, role=role)
        for role in ("inspector", "editor", "inspector")
    ]
    story = [recorded(event, first + index) for index, event in enumerate(events)]
    vault = vault_in(tmp_path)
    await vault.ahead({own: True})
    holders = Holders(vault)
    async with door(nats, engine=database, holders=holders) as here:
        boston, _ = await here.key()
        chicago, _ = await here.key("chicago")
        lines, body = submitted(1)
        for key in (boston, chicago):
            assert (await here.send(key, body, lines)).status_code == 202
        assert (await here.receipt(boston, "/receipts/boston/1"))["openings"] == {}
        projector.write(story, story[-1].sequence)
        told = await here.receipt(boston, "/receipts/boston/1")
        assert told["openings"] == {"editor": 1, "inspector": 2}
        assert told["code"] == holders.code_of(own), "for whoever filed it"
        assert REPORT_UNSEALED.reason not in str(told), "nor why, nor who"
        of_another = await here.receipt(chicago, "/receipts/chicago/1")
        assert of_another["openings"] == {}, "the same number, of another source"
        assert "code" not in of_another, "nothing of it is sealed"
        assert (await here.ask(chicago, "/receipts/boston/1")).status_code == 403
        vault.destroy([own])
        assert "code" not in await here.receipt(boston, "/receipts/boston/1"), "it is erased"


async def test_a_receipt_is_told_while_the_database_is_away(nats: Client) -> None:
    async with door(nats, ("boston",)) as here:
        key, _ = await here.key()
        lines, body = submitted(1)
        await here.send(key, body, lines)
        told = await here.receipt(key, "/receipts/boston/1")
        assert "openings" not in told, "nobody may take that for none"
        assert "code" not in told
