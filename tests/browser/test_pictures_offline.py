"""A checker on a phone adds pictures and where they stand without a network; they come later."""

from pathlib import Path

import pytest
from checkers_drawn import ANN, Here
from chromium import CHROMIUM
from files_made import MARK, photograph
from persons import person
from served import served
from signed_in import SIGNER, session
from sqlalchemy import Engine

from shared.contracts.checking import FindingGiven, FindingPictured, FindingPointed
from shared.runtime.ports import free_port
from shared.testing.examples import CHECKING_ID

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")

SHOWN = "document.querySelectorAll('#kept-ones section').length"
KEEP = f"document.querySelector('[data-keep=\"{CHECKING_ID}\"]').click()"
FORM = "document.querySelector('#kept-ones form')"
FILL = f"""(() => {{
  const form = {FORM};
  form.elements.verdict.value = 'done';
  form.elements.words.value = 'It shines';
  form.elements.seen_on.value = '2030-01-07';
  form.elements.pictures_for.value = 'all';
  form.querySelector('[type=submit]').click();
}})()"""
WHERE = f"""new Promise(done => {{
  {FORM}.elements.point.addEventListener('input', event => done(event.target.value));
  {FORM}.querySelector('[data-where]').click();
}})"""
COUNTED = "document.querySelector('#kept-ones [data-of=pictures]:not([hidden]) span')?.innerText"
PICTURES = """(async () => {
  const cache = await caches.open('tribune-checking');
  return (await cache.keys()).filter(each => each.url.includes('/checking/kept/')).length;
})()"""
LEFT = "(async () => [localStorage.length, (await caches.keys()).length])()"


async def test_pictures_and_a_point_wait_for_a_network_with_the_finding(
    database: Engine, tmp_path: Path
) -> None:
    here = Here(database, tmp_path)
    await here.draws(ANN, agree=1)
    await here.posts(ANN, "accept", checking=CHECKING_ID)
    taken = [tmp_path / f"{number}.jpg" for number in (1, 2)]
    for number, path in enumerate(taken, 1):
        path.write_bytes(photograph(turned=number))
    port = free_port()
    async with person(tmp_path / "ann", f"http://127.0.0.1:{port}") as ann:
        token = SIGNER.token(session("member", "", ANN))
        cookie = {"name": "tribune_session", "value": token, "url": ann.address}
        there = {"latitude": 42.3251234, "longitude": -71.0951234, "accuracy": 5}
        await ann.tab.call("Emulation.setGeolocationOverride", **there)
        await ann.tab.call("Browser.grantPermissions", permissions=["geolocation"])
        async with served(here.site.app, port):
            await ann.tab.call("Network.setCookie", **cookie)
            await ann.opens("/checking")
            await ann.sees(KEEP)
            await ann.tab.until(f"{SHOWN} === 1")
        await ann.opens("/checking")
        assert await ann.sees(WHERE) == "42.325, -71.095"
        await ann.tab.choose("#kept-ones [type=file]", *taken)
        await ann.tab.until(f"{COUNTED} === '2'")
        await ann.looks()
        await ann.sees(FILL)
        await ann.tab.until(f"{FORM}.hidden")
        await ann.opens("/checking")
        assert await ann.sees(PICTURES) == 2, "they outlast the page"
        assert here.told(FindingGiven) == []
        async with served(here.site.app, port):
            await ann.opens("/checking")
            await ann.tab.until(f"{SHOWN} === 0")
            assert await ann.sees(LEFT) == [0, 0], "nothing is left in the browser"
            cookie["value"] = SIGNER.token(session("staff", "ina"))
            await ann.tab.call("Network.setCookie", **cookie)
            for page in ("/findings", f"/findings/{CHECKING_ID}"):
                await ann.opens(page)
            assert await ann.sees("document.querySelectorAll('.files img').length") == 2
            cookie["value"] = SIGNER.token(session("staff", "eva"))
            await ann.tab.call("Network.setCookie", **cookie)
            (digest, _) = [each.digest for each in here.told(FindingPictured)]
            await ann.opens(f"/findings/{CHECKING_ID}/files/{digest}/show/ask")
        assert [line for line in ann.tab.console if "olicy" in line] == []
    assert [each.words for each in here.told(FindingGiven)] == ["It shines"]
    assert [each.point for each in here.told(FindingPointed)] == ["42.325,-71.095"]
    assert len({each.digest for each in here.told(FindingPictured)}) == 2
    assert all(each.may_be_shown for each in here.told(FindingPictured)), "as was chosen offline"
    held: dict[str, bytes] = here.site.files.store.there  # type: ignore[attr-defined]
    assert not any(MARK in content for content in held.values())
    here.vault.close()
