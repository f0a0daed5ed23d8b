"""A finding that a browser kept is taken later; where it went on meanwhile, asked once more."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from checkers_drawn import ANN, BEN, Here
from signed_in import SIGNER, session
from sqlalchemy import Engine

from shared.contracts.checking import FindingConflicted, FindingGiven
from shared.testing.examples import CHECKING_ID, ROXBURY

FOUND = {
    "verdict": "done",
    "words": "It shines",
    "place": ROXBURY,
    "seen_on": "2030-01-07",
    "rests_on": "1",
}
MARK = re.compile(r'data-mark="(\w+)" data-rests-on="1"')


@pytest.fixture
def here(database: Engine, tmp_path: Path) -> Iterator[Here]:
    here = Here(database, tmp_path)
    yield here
    here.vault.close()


async def kept(here: Here) -> str:
    """What her page would have her browser keep."""
    await here.draws(ANN, agree=1)
    await here.posts(ANN, "accept", checking=CHECKING_ID)
    found = MARK.search(await here.page(ANN))
    assert found
    return found[1]


async def sends(here: Here, login: str, own: str, **changes: str) -> httpx.Response:
    fields = FOUND | {"mark": own, "confirmed": ""} | changes
    return await here.posts(login, "finding/kept", checking=CHECKING_ID, **fields)


async def test_it_is_taken_once_however_often_it_is_sent(here: Here) -> None:
    mark = await kept(here)
    for _ in range(2):
        answer = await sends(here, ANN, mark)
        assert (answer.status_code, answer.json()) == (
            200,
            {"told": "Your finding is written down."},
        )
    (given,) = here.told(FindingGiven)
    assert (given.verdict, given.words, given.rests_on) == ("done", "It shines", 1)
    assert (await sends(here, ANN, mark, verdict="not done")).status_code == 422


async def test_where_it_went_on_both_states_are_told_and_it_is_kept_once_that_is_confirmed(
    here: Here,
) -> None:
    mark = await kept(here)
    await here.settles()
    for _ in range(2):
        answer = await sends(here, ANN, mark)
        assert answer.status_code == 409
        told = answer.json()
        assert (told["rests_on"], told["stands_at"]) == (1, 2)
        assert (told["found"], told["verdict"]) == ("done", "not done")
        assert "The verdict is: Not done." in told["told"]
    assert here.told(FindingConflicted) == []
    for _ in range(2):
        assert (await sends(here, ANN, mark, confirmed="yes")).status_code == 200
    assert [each.words for each in here.told(FindingConflicted)] == ["It shines"]


async def test_nobody_else_sends_what_lies_in_their_browser(here: Here) -> None:
    mark = await kept(here)
    here.person(BEN)
    for login, shown in ((BEN, mark), (ANN, "0" * len(mark))):
        assert (await sends(here, login, shown)).status_code == 404
    for wrong in ({"place": "us.zz"}, {"mark": ""}, {"confirmed": "perhaps"}, {"verdict": ""}):
        assert (await sends(here, ANN, mark, **wrong)).status_code == 422
    assert here.told(FindingGiven) == []


async def test_what_a_browser_keeps_has_nothing_of_anybody(here: Here) -> None:
    await kept(here)
    async with here.site.visitor(SIGNER.token(session("member", "", ANN))) as visitor:
        as_hers = await visitor.get("/checking/away")
        worker = await visitor.get("/checking/worker.js")
        assert (await visitor.get("/checking")).headers["Cache-Control"] == "no-store"
    async with here.site.visitor() as visitor:
        assert (await visitor.get("/checking/away")).text == as_hers.text
        elsewhere = await visitor.get("/desk")
    for page, may_ask in ((as_hers, "geolocation=(self)"), (elsewhere, "geolocation=()")):
        assert may_ask in page.headers["Permissions-Policy"]
    assert "token" not in as_hers.text
    assert worker.headers["Service-Worker-Allowed"] == "/checking"
    assert worker.headers["Content-Type"].startswith("text/javascript")
