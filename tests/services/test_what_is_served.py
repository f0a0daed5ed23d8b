"""Pages ask once which versions are served; and where newer code has left some that ours does not
know, they say that they are not the whole, until ours have caught up."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from public_site import PublicSite
from sqlalchemy import Engine, event, update

from services.intake.projections import checks
from services.publishing.projections import qualified
from shared.eventsourcing.projections import serving
from shared.eventsourcing.projections.checkpoints import checkpoints
from shared.eventsourcing.projections.prepare import prepare
from shared.testing.examples import PUBLIC_MEMBER_QUALIFIED

BEFORE = "before_cursor_execute"
PAGES = ["/", "/place/us.ma.boston", "/overdue", "/qualified"]


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """What is asked of the database meanwhile, also past the library."""
    found: list[str] = []
    traced = []

    def note(*given: object) -> None:
        found.append(str(given[2]))

    def trace(driver: Any, *_: object) -> None:
        traced.append(driver)
        driver.set_trace_callback(found.append)

    heard = ("checkout", trace) if engine.dialect.name == "sqlite" else (BEFORE, note)
    event.listen(engine, *heard)
    yield found
    event.remove(engine, *heard)
    for driver in traced:
        driver.set_trace_callback(None)


def newer_code_was_here(engine: Engine, family: str) -> None:
    with engine.begin() as connection:
        newer = update(serving.served).where(serving.served.c.family == family)
        assert connection.execute(newer.values(name=f"{family}_v99")).rowcount == 1


@pytest.mark.parametrize("address", PAGES)
async def test_a_page_asks_once_which_versions_are_served(
    site: PublicSite, client: httpx.AsyncClient, address: str
) -> None:
    await site.hears(PUBLIC_MEMBER_QUALIFIED)
    with statements(site.engine) as asked:
        assert (await client.get(address)).status_code == 200
    assert sum("FROM served" in each for each in asked) == 1


def test_in_one_transaction_all_rows_are_of_one_choice_but_for_its_own_changes(
    database: Engine,
) -> None:
    model, before = qualified.read_model, qualified.with_figures
    prepare(database, [model])
    with database.begin() as connection:
        assert serving.version(connection, model) is model
        serving.serve(connection, before)
        assert serving.version(connection, model) is before
        serving.withdraw(connection, before.name)
        assert serving.version(connection, model) is None
    with statements(database) as asked, database.connect() as connection:
        assert serving.version(connection, model) is None
        before = len(asked)
        connection.rollback()
        assert serving.version(connection, model) is None
        assert len(asked) > before, "another transaction asks again"


async def test_older_code_says_that_its_pages_are_not_the_whole_until_it_has_caught_up(
    site: PublicSite, client: httpx.AsyncClient
) -> None:
    """Also where its rows are at the end of the log: they are not shown yet."""
    site.goal = 1
    await site.hears(PUBLIC_MEMBER_QUALIFIED)
    newer_code_was_here(site.engine, "qualified")
    site.live.stir()
    for address in ("/", "/qualified"):
        page = (await client.get(address)).text
        assert "<strong>These figures are not the whole.</strong>" in page
        assert "Nobody has qualified" not in page
    assert not (await client.get("/api/figures")).json()["whole"]
    assert (await client.get("/feed/qualified.atom")).status_code == 503
    with site.engine.begin() as connection:
        serving.serve(connection, qualified.read_model)
    await site.hears(PUBLIC_MEMBER_QUALIFIED)
    assert "not the whole" not in (await client.get("/qualified")).text


def test_a_calendar_that_shows_nothing_yet_holds_nothing_of_the_log(database: Engine) -> None:
    """A sweep would find nothing due in it, and say that it looked at all."""
    prepare(database, [checks.read_model])
    with database.begin() as connection:
        connection.execute(update(checkpoints).values(sequence=7))
    with database.connect() as connection:
        assert checks.overdue.position(connection) == 7
    newer_code_was_here(database, "checks")
    with database.connect() as connection:
        assert checks.overdue.position(connection) == 0
