"""A read model that gives way to another: named, built, and removed on demand."""

import asyncio
from pathlib import Path

import pytest
from real_suite import Home, home, proven, started
from sqlalchemy import Connection, Engine, insert, select, text, update

from deploy.asking import ask
from deploy.looking.lag import settled
from deploy.suite import database
from services.intake.projections import checks
from shared.eventsourcing.jetstream.positions import Position, PositionKeeper
from shared.eventsourcing.projections import checkpoints, fingerprints, serving

pytestmark = pytest.mark.postgres

OTHERS = {
    "reports_v5",
    "kept_v4",
    "exchanges_v1",
    "filed_by_v1",
    "findings_v1",
    "shielded_v2",
    "claims_v2",
    "openings_v1",
    "points_v1",
    "unsealed_v1",
    "words_waiting_v3",
    "attached_v1",
    "beats_v1",
    "coverage_v1",
    "reliability_v1",
    "checkers_v2",
    "checkings_v1",
    "seats_v2",
    "lateness_v2",
    "more_time_v1",
    "reckoned_v1",
    "reminded_v1",
}


@pytest.fixture
async def where(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """A suite at rest, whose intake had a read model of another name before."""
    found = home(request, tmp_path)
    async with started(found.suite()) as client:
        await settled(client)
        await PositionKeeper(client, "promotion", "old_credits").move(Position(7))
    with intake(found).begin() as connection:
        connection.execute(text("CREATE TABLE checks_v0 (id INTEGER)"))
        connection.execute(text("INSERT INTO checkpoints VALUES ('checks_v0', 3)"))
        connection.execute(text("INSERT INTO set_aside VALUES ('checks_v0', 2, 'x', 'KeyError')"))
        _make_older(connection)
    return found


def _make_older(connection: Connection) -> None:
    """As the version before left it, which kept no counts of checks, and no fingerprints."""
    now = checks.read_model
    *_, before = now.versions()
    before.table.create(connection)
    known = [now.table.c[column.name] for column in before.table.c]
    connection.execute(insert(before.table).from_select(known, select(*known)))
    own = checkpoints.checkpoints.c.name
    renamed = update(checkpoints.checkpoints).where(own == now.name).values(name=before.name)
    connection.execute(renamed)
    for table in (*now.tables, serving.served, fingerprints.fingerprints):
        table.drop(connection)


def intake(where: Home) -> Engine:
    return database(where.settings, "intake")


def tables(where: Home) -> set[str]:
    with intake(where).connect() as connection:
        names = connection.execute(text("SELECT name FROM checkpoints")).scalars()
        return set(names)


async def test_what_is_retired_is_named_and_what_is_new_is_not_made_yet(where: Home) -> None:
    verdict = await proven(where)
    assert verdict.wrong == []
    assert verdict.behind == ["intake: checks_v4 is not there yet; its service makes it"]
    assert any(line.startswith("checks_v1: ") for line in verdict.looked_at)
    assert verdict.left_over == [
        "position.promotion.old_credits: the position of nothing that there is now",
        "intake: the read model checks_v0 is not used any more; `tribune setup --prune`",
    ]


@pytest.mark.deep
async def test_what_a_retired_read_model_could_not_write_is_no_trouble_any_more(
    where: Home,
) -> None:
    """No rebuild could heal it: there is nothing to rebuild."""
    async with started(where.suite()) as client:
        await settled(client)
        assert (await ask(client, "intake"))["set_aside"] == {}
    assert (await proven(where)).wrong == []


async def test_what_is_retired_is_removed_on_demand_and_nothing_else(where: Home) -> None:
    told = await asyncio.to_thread(where.tribune, "setup", "--prune")
    assert told.returncode == 0, told.stderr
    lines = told.stdout.splitlines()
    assert lines[1:] == [
        "removed intake: checks_v0",
        "removed POSITIONS: position.promotion.old_credits",
    ]
    assert tables(where) == {*OTHERS, "checks_v1"}, "it is asked until the new one is made"
    again = await asyncio.to_thread(where.tribune, "setup", "--prune")
    assert again.stdout.splitlines()[1:] == ["nothing is left over"]
    async with started(where.suite()) as client:
        await settled(client)
    verdict = await proven(where)
    assert (verdict.wrong, verdict.behind) == ([], [])
    assert verdict.left_over == [
        "intake: the read model checks_v1 is not used any more; `tribune setup --prune`"
    ]
    assert tables(where) == {*OTHERS, "checks_v1", "checks_v4"}
    last = await asyncio.to_thread(where.tribune, "setup", "--prune")
    assert last.stdout.splitlines()[1:] == ["removed intake: checks_v1"]
    assert tables(where) == {*OTHERS, "checks_v4"}
    assert (await proven(where)).left_over == []
