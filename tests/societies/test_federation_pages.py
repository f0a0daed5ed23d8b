"""Two societies become one federation's by its pages, and none is above itself."""

import httpx
from test_society_pages import LAMPS, founded
from visiting import filled, until_shown


def id_of(society: str) -> str:
    return society.rpartition("/")[2]


async def does(member: httpx.AsyncClient, here: str, what: str, other: str) -> httpx.Response:
    return await filled(member, f"{here}/federations", what=what, other=other)


async def test_a_society_asks_and_the_federation_admits_and_parts(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    lamps = await founded(ann)
    union = await founded(bob, name="Union of circles", cause="Together", tags="", seen="yes")
    asked = await does(ann, lamps, "ask", f"https://tribune.example{union}/")
    assert "It is written down." in asked.text, asked.text
    await until_shown(bob, f"{union}/federations", "Societies that would like to be in this one")
    assert "That is for who leads" in (await does(ann, union, "admit", id_of(lamps))).text
    assert "Its societies" not in (await stranger.get(union)).text
    assert "It is written down." in (await does(bob, union, "admit", id_of(lamps))).text
    assert LAMPS["name"] in await until_shown(stranger, union, "Its societies")
    assert "Union of circles" in (await stranger.get(lamps)).text
    around = await does(bob, union, "ask", id_of(lamps))
    assert "A federation can not be a member of itself, nor of its members." in around.text
    assert "It is written down." in (await does(bob, union, "part", id_of(lamps))).text
    assert "Union of circles" not in (await stranger.get(lamps)).text


async def test_what_is_no_society_is_told(ann: httpx.AsyncClient) -> None:
    lamps = await founded(ann)
    assert "There is no such society." in (await does(ann, lamps, "ask", "f" * 32)).text
    wrong = await does(ann, lamps, "ask", "somewhere")
    assert "Type the address of a society’s page." in wrong.text
