"""Who looks at a report is seen by others at every replica, and is kept nowhere."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from intake_site import IntakeSite
from nats.aio.client import Client
from signed_in import NOW, SIGNER, knowing, session
from sqlalchemy import Engine

from deploy.locks.accounts import account_of
from deploy.locks.kinds import OUTSIDE, SERVICES, TOOLS, rights
from services.intake.domain.report import FileReport
from services.intake.domain.settlement import ConfirmReport
from services.intake.presence import LASTS_S, MOST, Presence
from services.intake.together import Together
from shared.eventsourcing.jetstream.connection import connect
from shared.runtime.whispers import Whispers
from shared.testing.examples import MONDAY, REPORT_FILED, REPORT_ID
from shared.testing.servers import NatsServer
from shared.web.live import Live


class Watch:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_who_looks_is_seen_by_others_until_they_have_gone() -> None:
    watch = Watch()
    presence = Presence(watch)
    assert presence.looks(REPORT_ID, "ina")
    assert not presence.looks(REPORT_ID, "ina"), "that is known"
    assert presence.others(REPORT_ID, "eva") == ["ina"]
    assert presence.others(REPORT_ID, "ina") == presence.others("f" * 32, "eva") == []
    watch.at = LASTS_S - 1
    presence.looks(REPORT_ID, "eva")
    assert not presence.fade()
    watch.at = LASTS_S
    assert presence.others(REPORT_ID, "x") == ["eva"]
    assert presence.fade()
    assert presence.looks(REPORT_ID, "ina"), "who comes back is new"


def test_however_many_look_it_stays_small() -> None:
    presence = Presence(Watch())
    for number in range(MOST + 10):
        presence.looks(f"{number:032x}", "ina")
    assert len(presence._seen) == MOST


@asynccontextmanager
async def replicas(server: NatsServer) -> AsyncIterator[list[Together]]:
    clients = [await connect(server.url, f"intake-{number}") for number in (1, 2)]
    lives = [Live(gap_s=0.0) for _ in clients]
    made = [Together(Whispers(c, "intake"), live) for c, live in zip(clients, lives, strict=True)]
    async with asyncio.TaskGroup() as group:
        works = [group.create_task(each.run()) for each in (*made, *lives)]
        try:
            yield made
        finally:
            for work in works:
                work.cancel()
    for client in clients:
        await client.close()


async def until(changed: Live, look: object) -> None:
    assert callable(look)
    changes = changed.changes()
    async with asyncio.timeout(20):
        async for _ in changes:
            if look():
                break
    await changes.aclose()


async def test_two_replicas_know_of_each_other_and_tell_when_rows_moved(
    nats: Client, server: NatsServer
) -> None:
    async with replicas(server) as (one, two):
        await until_heard(one, two)
        assert two.others(REPORT_ID, "eva") == ["ina"]
        turn = two._live.turn
        one.moved(7)
        await until(two._live, lambda: two._live.turn > turn)
        for odd in (b"", b"[]", b"{", b"7", b'{"report": 7}', b'{"report": "x", "who": "y"}'):
            await nats.publish("among.intake", odd)
        await one.looks(REPORT_ID, "aud")
        await until(two._live, lambda: two.others(REPORT_ID, "eva") == ["aud", "ina"])
    streams = {
        each.config.name: each.state.messages for each in await nats.jetstream().streams_info()
    }
    assert not any(streams.values()), "nothing of it is kept"


async def until_heard(one: Together, two: Together) -> None:
    """The other one may not listen yet."""
    async with asyncio.timeout(20):
        while not two.others(REPORT_ID, "eva"):
            await one.looks(REPORT_ID, "ina")
            await asyncio.sleep(0.01)


def test_only_intake_hears_what_its_replicas_tell_each_other() -> None:
    public = dict.fromkeys(("log", *SERVICES), "A" * 56)
    for kind in {*SERVICES, *TOOLS, *OUTSIDE}:
        account = account_of(rights(kind, "press"), public, outside=kind in OUTSIDE)
        allowed = account["default_permissions"]
        hears = "among.intake" in allowed["sub"]["allow"]
        assert hears == ("among.intake" in allowed["pub"]["allow"]) == (kind == "intake"), kind
        passed = [each["subject"] for each in (*account["exports"], *account["imports"])]
        assert not [each for each in passed if each.startswith("among")]


@pytest.fixture
async def site(database: Engine) -> IntakeSite:
    found = IntakeSite(database, knowing(), lambda: NOW)
    await found.do(FileReport(REPORT_FILED))
    return found


async def shown(site: IntakeSite, who: str, path: str = "") -> str:
    async with site.visitor(SIGNER.token(session(who=who))) as visitor:
        return (await visitor.get(f"/desk/{REPORT_ID}{path}")).text


async def test_a_page_says_who_else_is_there_and_not_that_an_auditor_is(site: IntakeSite) -> None:
    assert "looks at this report, too" not in await shown(site, "ina")
    assert "Ina Lund looks" in await shown(site, "aud")
    eva = await shown(site, "eva")
    assert "Ina Lund looks at this report, too." in eva
    assert "Aud Berg" not in eva
    assert "Eva Lind looks at this report, too." in await shown(site, "ina")


async def test_an_open_page_is_told_that_something_happened_since(site: IntakeSite) -> None:
    assert "since you opened this page" not in await shown(site, "ina")
    await site.do(ConfirmReport(REPORT_ID, "We saw it", MONDAY))
    told = await shown(site, "ina", "?seen=1")
    assert "1 more thing has happened since you opened this page." in told
    for odd in ("?seen=x", "?seen=99999999999999999999999", "?seen=-1", "?seen="):
        assert "since you opened this page" not in await shown(site, "ina", odd)
