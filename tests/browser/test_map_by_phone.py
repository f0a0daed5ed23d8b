"""Somebody shows on the map of the form where it is: by a finger, by keys, and without scripts."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chromium import CHROMIUM
from drawn_places import two_places
from nats.aio.client import Client
from persons import H1, Person, person
from served import served
from sqlalchemy import Engine
from street import WORDS, Street, street

from shared.testing.examples import ROXBURY, STREET_LIGHTS

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")

POINT = "document.querySelector('[name=point]').value"
SAID = "document.querySelector('#point [role=status]').innerText"
PLACE = "document.querySelector('#place').value"
TEXT = "document.querySelector('#text').value"
PICTURE = """(() => {
  const shown = [...document.querySelectorAll('.drawn input')].find(each => each.offsetWidth);
  shown.scrollIntoView({block: 'center'});
  const box = shown.getBoundingClientRect();
  return [box.left, box.top, box.width];
})()"""
FOCUS = "[...document.querySelectorAll('.drawn input')].find(each => each.offsetWidth).focus()"
SENT = "document.querySelector('button.submit').click()"
FILL = f"""
  document.querySelector('#text').value = {WORDS!r};
  document.querySelector('#sector').value = {STREET_LIGHTS!r};
"""


@pytest.fixture
async def here(nats: Client, database: Engine) -> AsyncIterator[Street]:
    async with street(nats, database, drawn=two_places()) as here:
        yield here


@pytest.fixture
async def bea(here: Street, tmp_path: Path) -> AsyncIterator[Person]:
    async with served(here.app) as address, person(tmp_path / "bea", address) as one:
        await one.tab.look_as(360)
        yield one


async def touches(bea: Person, across: float, down: float) -> None:
    left, top, width = await bea.sees(PICTURE)
    at = {"x": left + across * width, "y": top + down * width, "button": "left", "clickCount": 1}
    for kind in ("mousePressed", "mouseReleased"):
        await bea.tab.call("Input.dispatchMouseEvent", type=kind, **at)


async def test_a_finger_and_keys_put_the_point_and_nothing_typed_is_lost(bea: Person) -> None:
    await bea.opens("/report")
    await bea.sees(FILL)
    await touches(bea, 0.25, 0.5)
    await bea.tab.until(f"{POINT} !== ''")
    assert (await bea.sees(PLACE), await bea.sees(TEXT)) == (ROXBURY, WORDS)
    assert await bea.sees(SAID) == "The point is in Roxbury."
    first = await bea.sees(POINT)
    await bea.sees(FOCUS)
    await bea.tab.press(key="ArrowUp", windowsVirtualKeyCode=38)
    await bea.tab.until(f"{POINT} !== '{first}'")
    assert float((await bea.sees(POINT)).split(",")[0]) > float(first.split(",")[0])
    assert await bea.sees("document.activeElement.type") == "image", "the keys go on"
    await bea.looks_everywhere()
    await bea.tab.act(SENT)
    assert await bea.sees(H1) == "It was received"
    assert not [each for each in bea.tab.requests if "point" in each]


async def test_without_scripts_a_finger_leads_to_the_same(bea: Person) -> None:
    await bea.tab.look_as(360, scripts=False)
    await bea.tab.open(bea.address + "/report")
    await bea.sees(FILL)
    left, top, width = await bea.sees(PICTURE)
    loaded = bea.tab.act("0")
    await touches(bea, 0.25, 0.5)
    await loaded
    assert left >= 0
    assert top + width > 0
    assert (await bea.sees(PLACE), await bea.sees(TEXT)) == (ROXBURY, WORDS)
    first = await bea.sees(POINT)
    await bea.tab.act("document.querySelector('[value=north]').click()")
    assert await bea.sees(POINT) != first
    await bea.tab.act(SENT)
    assert await bea.sees(H1) == "It was received"
    assert await bea.sees("location.pathname + location.search + location.hash") == "/report"
