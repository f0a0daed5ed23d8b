"""Charts in a real browser: on a phone, at a desk, in the dark, on paper, and from the right."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from charted import a_year
from chromium import CHROMIUM
from persons import Person, person
from public_site import CHARTER, public_site
from served import served
from sqlalchemy import Engine

from shared.runtime.charter import Charter
from shared.web.charts.drawer import the_drawer
from shared.web.language import Language

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")

SHOWN = """[...document.querySelectorAll('svg.chart')].filter(each => each.checkVisibility())
  .map(each => [each.classList[1], each.getBoundingClientRect().width <= innerWidth].join())"""
COLOURS = """[...document.querySelectorAll('svg.chart *')].map(each => getComputedStyle(each))
  .flatMap(style => [style.fill, style.stroke]).filter(each => each.startsWith('rgb'))"""
CUT_OFF = """[...document.querySelectorAll('svg.chart text')].filter(each => {
    const letters = each.getBoundingClientRect();
    return each.checkVisibility() && (letters.left < 0 || letters.right > innerWidth);
  }).map(each => each.textContent)"""


@asynccontextmanager
async def looking(database: Engine, folder: Path, charter: Charter) -> AsyncIterator[Person]:
    async with (
        public_site(database, charter=charter) as site,
        served(site.app) as address,
        person(folder, address) as one,
    ):
        await site.hears(*a_year())
        async with site.client() as client:
            await client.get("/charts")
            await asyncio.to_thread(the_drawer().settle)
        yield one


async def test_charts_are_orderly_for_every_reader(database: Engine, tmp_path: Path) -> None:
    async with looking(database, tmp_path, CHARTER) as one:
        for width, look in ((1280, "wide"), (390, "narrow"), (320, "narrow")):
            for dark in (False, True):
                await one.tab.look_as(width, dark=dark)
                await one.opens("/charts")
                assert await one.sees(SHOWN) == [f"{look},true"] * 4
                assert await one.sees(CUT_OFF) == []
        light = await one.sees(COLOURS)
        await one.tab.call("Emulation.setEmulatedMedia", media="print")
        paper = set(await one.sees(COLOURS))
        assert paper != set(light)
        for colour in paper:
            red, green, blue = colour.split("(")[1].strip(")").split(", ")[:3]
            assert red == green == blue, "in black and white nothing is lost"
        assert one.tab.console == []


async def test_who_reads_from_the_right_sees_them_so(database: Engine, tmp_path: Path) -> None:
    charter = replace(CHARTER, language=Language("ar", "Asia/Beirut"))
    async with looking(database, tmp_path, charter) as one:
        await one.tab.look_as(1280)
        await one.opens("/charts")
        assert await one.sees(SHOWN) == ["wide,true"] * 4
        assert await one.sees("document.dir") == "rtl"
        turned = "getComputedStyle(document.querySelector('svg.chart')).transform"
        assert await one.sees(turned) == "none", "letters are no mirror's"
