"""Opens posts, and has the calendar swept over them."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import httpx
from credentials_shown import TRACK, Holder
from promotion_site import PromotionSite
from visiting import HIDDEN, filled, sent, signed_up

from services.promotion.domain.member import CreditReport
from services.promotion.domain.ranking import seed_of
from services.promotion.societies.calendar import calendar
from shared.contracts.post import CandidatesRanked
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.timers.sweep import Sweep
from shared.runtime.slips import Slips
from shared.testing.examples import REPORT_CREDITED, ROXBURY, STREET_LIGHTS, varied

POST = {
    "title": "Inspector of street lights",
    "place": "us.ma.boston",
    "sector": STREET_LIGHTS,
    "tracks": TRACK.name,
    "call_days": "0",
    "recall_by": "1",
    "rotates": "yes",
}
MEMBERS = [f"{number:032x}" for number in range(1, 5)]


async def credited(site: PromotionSite, member: str, days: int = 1, place: str = ROXBURY) -> None:
    """Confirmed reports on so many days; with the first they qualify."""
    for day in range(days):
        report_id = f"{member[:30]}{day:02x}" if day else member
        on = REPORT_CREDITED.on.replace(day=1 + day)
        more = {"member_id": member, "report_id": report_id[-32:], "place": place, "on": on}
        name = f"{member}{day}{place}"
        event = varied(REPORT_CREDITED, **more, confidential=False)
        await site.handler.carry_out(Envelope(CreditReport(event), id=name, correlation_id=name))


async def opened(placer: httpx.AsyncClient, **other: str) -> str:
    """Its address."""
    page = await filled(placer, "/posts/open", **POST | other)
    assert "The post is open." in page.text, page.text
    return str(page.url.path)


def id_of(post: str) -> str:
    return post.rpartition("/")[2]


async def swept(site: PromotionSite, at: datetime) -> int:
    """How many events came of it, once the calendar holds all that is there."""
    dates = calendar(site.engine, site.words)
    ends = {stream: await ends_at(site.nats, stream) for stream in dates.streams}
    async with asyncio.timeout(20):
        while not await dates.holds(ends):
            await asyncio.sleep(0.005)
    sweep = Sweep(dates, site.handler, lambda: at)
    await sweep()
    assert sweep.failed == {}
    return sweep.raised


async def decided(placer: httpx.AsyncClient, post: str, what: str, **more: str) -> httpx.Response:
    return await filled(placer, post, f"{post}/decide", **{"what": what, "who": "", **more})


@asynccontextmanager
async def holder(site: PromotionSite, member: str) -> AsyncIterator[Holder]:
    """A member who has come from their reports."""
    async with site.client() as browser:
        number = await signed_up(browser)
        kept = await site.store.named(site.desk.entrance.name_of_member(number))
        assert kept
        slips, now = Slips(site.desk.frame.cookies.key), site.desk.guard.now()
        slip = slips.slip(kept.login_id, member, now)
        yield Holder(site, browser, slip, f"/me/posts?slip={slip}")


async def pressed(member: Holder, post: str, what: str, seat: int = 0) -> httpx.Response:
    """As the form of their page does it."""
    page = await member.browser.get(f"/me/posts?slip={member.slip}")
    token = dict(HIDDEN.findall(page.text))["token"]
    given: dict[str, Any] = {"token": token, "slip": member.slip, "post": id_of(post)}
    return await sent(member.browser, page, "/me/posts", **given, what=what, seat=f"{seat}")


def ranking_of(event: CandidatesRanked) -> list[str]:
    assert event.seed == seed_of(event.post_id)
    return [each.member_id for each in event.ranking]


def codes(text: str) -> list[str]:
    return re.findall(r"<code>([0-9a-f]{12})</code>", text)
