"""The pages of a suite that really runs look like one site, and one cookie serves all its ports."""

from pathlib import Path

import pytest
from chromium import CHROMIUM, browser
from looks import FOCUS, ORDER, SMALLEST_TEXT, STICKING_OUT, WEAK_CONTRAST
from real_suite import home
from up_process import up

LOOK = """
["--ground", "--ink", "--link", "--band"].map(name => getComputedStyle(document.body)
  .getPropertyValue(name)).join() + document.querySelector(".name").innerText
"""
FOOTER = "[...document.querySelectorAll('footer p a')].find(a => a.innerText === '{}').click()"
FOLLOW = "[...document.querySelectorAll('header nav a')].find(a => a.innerText === '{}').click()"


async def test_they_lead_to_each_other_and_look_alike(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if CHROMIUM is None:
        pytest.skip("no chromium is installed (on Debian: apt-get install chromium)")
    where = home(request, tmp_path / "suite")
    async with up(where) as suite, browser(tmp_path / "profile") as tab:
        await suite.runs()
        port = suite.facts["port"]
        first = f"http://127.0.0.1:{port}"
        await tab.open(f"{first}/preferences")
        await tab.open(first)
        looks = {await tab.evaluate(LOOK)}
        await tab.act(FOOTER.format("Intake"))
        for name, title, offset in (("Intake", "Intake", 1), ("Promotion", "Promotion", 2)):
            if name == "Promotion":
                await tab.act(FOLLOW.format(name))
            there = f"http://127.0.0.1:{port + offset}"
            assert await tab.evaluate("location.href") == f"{there}/"
            assert await tab.evaluate("document.querySelector('h1').innerText") == title
            assert "It is ready" in await tab.evaluate("document.body.innerText")
            for width in (320, 390, 1200):
                for dark in (False, True):
                    await tab.look_as(width, dark=dark)
                    assert await tab.evaluate(STICKING_OUT) == []
                    assert await tab.evaluate(WEAK_CONTRAST) == []
                    assert await tab.evaluate(SMALLEST_TEXT) >= 16
            await tab.look_as(1200)
            assert await tab.evaluate(ORDER) == []
            assert await tab.evaluate(FOCUS) == []
            looks.add(await tab.evaluate(LOOK))
            cookies = (await tab.call("Network.getCookies", urls=[there]))["cookies"]
            assert [each["name"] for each in cookies] == ["tribune_visitor"]
        await tab.act(FOLLOW.format("Publishing"))
        assert await tab.evaluate("location.href") == f"{first}/"
        assert len(looks) == 1
        assert tab.console == []
