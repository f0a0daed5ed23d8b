"""Placers and operators see what other tracks would change, from the log, and nothing changes."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from dataclasses import asdict
from pathlib import Path

import httpx
import pytest
from filling import MEMBERS, credited, holder
from nats.aio.client import Client
from promotion_site import WRITTEN, PromotionSite
from visiting import joined, sent

from services.promotion.domain.track import Track
from services.promotion.rehearsal.asking import PROGRAM, BusyError, Rehearsal
from services.promotion.rehearsal.told import Rehearsed
from shared.eventsourcing.jetstream.ends import ends_at

A, B = MEMBERS[:2]
OTHER = WRITTEN.replace("version = 1", "version = 2").replace("days = 1", "days = 3")
MORE = f"""{OTHER}
[[track]]
name = "steady"
version = 1
title = "Steady"
confirmed = 4
sectors = 1
days = 4
refuted_share = 0.25
"""

MIB = 1024**2
TASKS = Path("/proc/self/task")
ON_LINUX = pytest.mark.skipif(not TASKS.is_dir(), reason="processes are looked at in /proc")


def children() -> set[Path]:
    told = [pid for each in TASKS.glob("*/children") for pid in each.read_text().split()]
    return {Path("/proc", pid) for pid in told}


def bounds(limits: str) -> dict[str, str]:
    """Of "Max cpu time   7   7   seconds" the first."""
    lines = [line.removeprefix("Max ") for line in limits.splitlines()[1:]]
    return {line[:22].strip(): line[22:].split()[0] for line in lines}


async def looked(browser: httpx.AsyncClient, tracks: str) -> httpx.Response:
    return await sent(browser, await browser.get("/what-if"), "/what-if", tracks=tracks)


async def test_who_would_gain_lose_and_keep_is_told_and_nothing_changes(
    site: PromotionSite, placer: httpx.AsyncClient
) -> None:
    await credited(site, A, days=6)
    await credited(site, B, days=1)
    end = await ends_at(site.nats, "PROMOTION")
    assert "name = &#34;correspondent&#34;" in (await placer.get("/what-if")).text
    page = (await looked(placer, MORE)).text
    a, b = (site.posts.code(each) for each in (A, B))
    assert "of 2 members were replayed" in page
    assert f"<code>{a}</code> · would gain it" in page
    assert f"<code>{b}</code> · would lose it, for want of: days with confirmed reports" in page
    assert A not in page
    assert (await looked(placer, MORE)).text.count("would gain it") == page.count("would gain it")
    same = (await looked(placer, WRITTEN)).text
    assert "would lose it" not in same
    assert "would gain it" not in same
    none = (await looked(placer, "")).text
    assert "not among these" in none
    assert await ends_at(site.nats, "PROMOTION") == end


async def test_mistakes_are_told_with_their_lines(placer: httpx.AsyncClient) -> None:
    page = await looked(placer, WRITTEN.replace("days = 1", "days = 0\nmoon = 1"))
    assert page.status_code == 422
    assert "tracks.toml, line 7" in page.text
    assert "tracks.toml, line 8" in page.text
    broken = await looked(placer, "[[track]\n")
    assert broken.status_code == 422
    assert "this is no TOML" in broken.text


async def test_nobody_else_looks(site: PromotionSite, stranger: httpx.AsyncClient) -> None:
    async with holder(site, A) as member, site.client() as auditor, site.client() as operator:
        await joined(site, auditor, "aud")
        await joined(site, operator, "ana")
        for who in (stranger, member.browser, auditor):
            assert "tracks.toml" not in (await who.get("/what-if")).text
        assert "tracks.toml" in (await operator.get("/what-if")).text


async def test_one_is_rehearsed_at_a_time_and_none_for_longer_than_may_be(
    site: PromotionSite, nats: Client
) -> None:
    await credited(site, A, days=2)
    track = Track("other", 1, "Other", 1, 1, 1, 1.0)
    one = Rehearsal(nats)
    first = asyncio.create_task(one.of([track]))
    await asyncio.sleep(0)
    with pytest.raises(BusyError):
        await one.of([track])
    found = await first
    assert [each.gaining for each in found.changes if each.track == "other"] == [[A]]
    with pytest.raises(BusyError):
        await Rehearsal(nats, within_s=0.01).of([track])
    assert (await one.of([track])) == found


async def test_it_may_take_so_much_memory_and_no_more(site: PromotionSite, nats: Client) -> None:
    await credited(site, A, days=2)
    track = Track("other", 1, "Other", 1, 1, 1, 1.0)
    with pytest.raises(BusyError, match=r"more memory than it may|before it was done"):
        await Rehearsal(nats, most_bytes=32 * MIB).of([track])


@ON_LINUX
async def test_it_inherits_no_secret_and_ends_with_whoever_asked(
    site: PromotionSite, nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await credited(site, A, days=2)
    monkeypatch.setenv("TRIBUNE_RELEASE_KEY", "sesame")
    before = children()
    asked = asyncio.create_task(Rehearsal(nats).of([Track("other", 1, "Other", 1, 1, 1, 1.0)]))
    while not (mine := children() - before):
        await asyncio.sleep(0)
    (program,) = mine
    environment = (program / "environ").read_bytes()
    assert b"PYTHONDONTWRITEBYTECODE" in environment
    assert b"TRIBUNE" not in environment
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert not program.exists()


@ON_LINUX
async def test_it_is_bounded_by_itself_and_ends_where_nobody_feeds_it() -> None:
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", PROGRAM, f"{512 * MIB}", "7"), stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    track = asdict(Track("other", 1, "Other", 1, 1, 1, 1.0))
    assert program.stdin
    program.stdin.write(f"{json.dumps([track])}\n".encode())
    limits = Path(f"/proc/{program.pid}/limits")
    async with asyncio.timeout(60):
        while (found := bounds(limits.read_text()))["file size"] != "0":
            await asyncio.sleep(0.01)
        assert (found["cpu time"], found["address space"]) == ("7", f"{512 * MIB}")
        told, _ = await program.communicate(b"")  # and no more
    assert Rehearsed.model_validate_json(told).events == 0
