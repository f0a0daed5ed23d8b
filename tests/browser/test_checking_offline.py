"""A checker on a phone gives two findings without a network; one counts, one met another state."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from checkers_drawn import ANN, Here
from chromium import CHROMIUM
from persons import H1, Person, person
from served import served
from signed_in import SIGNER, session
from sqlalchemy import Engine

from shared.contracts.checking import FindingConflicted, FindingGiven
from shared.runtime.ports import free_port
from shared.testing.examples import CHECKING_ID

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")

OTHER = f"{7:032x}"
KEPT = "Object.keys(localStorage).length"
SHOWN = "document.querySelectorAll('#kept-ones section').length"
WAITING = "document.querySelectorAll('#kept-ones form[hidden]').length"
TEXT = "document.querySelector('main').innerText"
KEEP = "document.querySelector('[data-keep=\"{}\"]').click()"
FILL = """(() => {
  for (const form of document.querySelectorAll('#kept-ones form')) {
    form.elements.verdict.value = 'done';
    form.elements.words.value = 'It shines';
    form.elements.seen_on.value = '2030-01-07';
  }
  document.querySelector('#kept-ones form:not([hidden]) [type=submit]').click();
})()"""
CONFIRM = "document.querySelector('[data-of=confirm]:not([hidden]) button').click()"
LEFT = """(async () => {
  let left;
  for (let looks = 0; looks < 200; looks++) {
    left = [localStorage.length, (await caches.keys()).length,
      (await navigator.serviceWorker.getRegistrations()).length];
    if (!left.some(Boolean)) break;
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  return left;
})()"""
"""What its browser keeps; a worker that is let go goes in its own time."""


@pytest.fixture
async def here(database: Engine, tmp_path: Path) -> AsyncIterator[Here]:
    here = Here(database, tmp_path)
    for checking in (CHECKING_ID, OTHER):
        await here.draws(ANN, agree=1, checking_id=checking, task=f"Mend {checking[-1]}")
        await here.posts(ANN, "accept", checking=checking)
    yield here
    here.vault.close()


@asynccontextmanager
async def away(ann: Person) -> AsyncIterator[None]:
    """The server is away, and the phone knows that there is no network; then both are back."""
    none = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    await ann.tab.call("Network.emulateNetworkConditions", offline=True, **none)
    yield
    await ann.tab.call("Network.emulateNetworkConditions", offline=False, **none)


async def test_two_findings_wait_for_a_network_and_one_that_conflicts_is_shown(
    here: Here, tmp_path: Path
) -> None:
    port = free_port()
    async with person(tmp_path / "ann", f"http://127.0.0.1:{port}") as ann:
        token = SIGNER.token(session("member", "", ANN))
        cookie = {"name": "tribune_session", "value": token, "url": ann.address}
        async with served(here.site.app, port):
            await ann.tab.call("Network.setCookie", **cookie)
            await ann.opens("/checking")
            for number, checking in enumerate((CHECKING_ID, OTHER), 1):
                await ann.sees(KEEP.format(checking))
                await ann.tab.until(f"{SHOWN} === {number}")
            await ann.looks()
        async with away(ann):
            await ann.opens("/checking")
            assert await ann.sees(H1) == "Checking without a network"
            for number in (1, 2):
                await ann.sees(FILL)
                await ann.tab.until(f"{WAITING} === {number}")
            await ann.opens("/checking")
            assert await ann.sees(WAITING) == 2
            stored = json.loads(await ann.sees("JSON.stringify(localStorage)"))
            assert ANN not in str(stored)
            assert here.person(ANN) not in str(stored)
            await here.settles(OTHER)
        assert [each.checking_id for each in here.told(FindingGiven)] == [OTHER]
        async with served(here.site.app, port):
            await ann.opens("/checking")
            await ann.tab.until(f"{SHOWN} === 1 && {TEXT}.includes('It went on meanwhile')")
            assert "The verdict is: Not done." in await ann.sees(TEXT)
            await ann.tab.look_as(1280, dark=True)
            await ann.looks()
            assert here.told(FindingGiven)[-1].member_id == here.person(ANN)
            assert here.told(FindingConflicted) == []
            await ann.sees(CONFIRM)
            await ann.tab.until(f"{SHOWN} === 0")
            (conflict,) = here.told(FindingConflicted)
            assert (conflict.checking_id, conflict.words) == (OTHER, "It shines")
            await ann.opens("/checking")
            assert "Your finding came when it had gone on" in await ann.sees(TEXT)
            assert await ann.sees(LEFT) == [0, 0, 0], "nothing is left in the browser"
        assert [line for line in ann.tab.console if "Content Security" in line] == []
