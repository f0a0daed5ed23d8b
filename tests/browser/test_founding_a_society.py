"""A society before two browsers: founded, found, joined, it holds something, and is handed over."""

from pathlib import Path

import pytest
from chromium import CHROMIUM
from nats.aio.client import Client
from persons import H1, MESSAGE, Person, person
from promotion_site import promotion_site
from served import served
from sqlalchemy import Engine

from shared.testing.examples import ROXBURY

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")

CAME = "document.querySelector('article .quiet')?.innerText"
LISTED = "document.querySelector('table a')?.innerText"
HERE = "location.pathname"
LAMPS = "Friends of the lamps"


async def until_seen(somebody: Person, path: str, what: str, text: str) -> None:
    """Rows follow the log."""
    await somebody.opens(path)
    while await somebody.sees(what) != text:
        await somebody.opens(path)


async def test_it_is_founded_joined_and_holds_something(
    nats: Client, database: Engine, tmp_path: Path
) -> None:
    async with (
        promotion_site(nats, database) as site,
        served(site.app) as address,
        person(tmp_path / "ann", address) as ann,
        person(tmp_path / "bob", address) as bob,
    ):
        await ann.signs_up()
        await ann.opens("/societies/found")
        await ann.sends("/societies/found", name="", cause="All lamps")
        await ann.sends("/societies/found", name=LAMPS, place=ROXBURY, tags="light, safety")
        assert (
            await ann.sees(MESSAGE) == "It is founded, and you lead it. Tell others of this page."
        )
        assert await ann.sees(H1) == LAMPS
        await ann.looks_everywhere()
        society = await ann.sees(HERE)
        await bob.signs_up()
        await until_seen(bob, "/societies?tag=safety", LISTED, LAMPS)
        await bob.looks_everywhere()
        await bob.opens(society)
        await bob.sends("/join")
        assert await bob.sees(MESSAGE) == "You belong to it now."
        await bob.opens(f"{society}/held")
        held = {"what": "We mended a lamp", "place": ROXBURY, "on": "2020-03-04", "came": "12"}
        await bob.sends("/held", **held)
        assert await bob.sees(MESSAGE) == "It is written down."
        await until_seen(ann, society, CAME, "12 people came.")
        await ann.opens(f"{society}/offices")
        await ann.sends("/offices", member="2", what="lead")
        await ann.opens(society)
        await ann.opens(f"{society}/leave")
        await ann.sends("/leave")
        assert await ann.sees(MESSAGE) == "You have left it."
