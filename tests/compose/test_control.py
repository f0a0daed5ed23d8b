"""The whole story of a commitment in the composed suite, two of each, while the intake that works
is killed: verdict, appeal, what is left and credits each once, and all figures as counted anew."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from composed import Composed, eventually
from test_network import before, counted_anew
from test_scale import TWICE, WITHIN_S, each_loop_has_one_owner, owner
from whole_story import Story, all_of_it, charter_of_it

from deploy.locks.keyring import Keyring
from shared.eventsourcing.jetstream.connection import connect

pytestmark = [pytest.mark.compose, pytest.mark.deep]


@pytest.fixture
def replayed(suite: Composed, tmp_path: Path) -> Iterator[Composed]:
    """Under the charter of the story, at the time that is set on the stream CLOCK."""
    file = suite.clone / ".env"
    as_it_was = file.read_text()
    suite.compose("down", "--volumes")
    charter = charter_of_it(tmp_path)
    given = {"CLOCK": "stream", "CHARTER_DIR": str(charter)}
    lines = [f"TRIBUNE_{name}={value}" for name, value in given.items()]
    kept = [each for each in as_it_was.splitlines() if each.partition("=")[0] not in _names(lines)]
    file.write_text("\n".join([*kept, *lines, ""]))
    suite.tribune("init", "--add-missing")
    suite.compose("up", "--detach", "--wait", *TWICE)
    eventually("each loop has one owner", lambda: each_loop_has_one_owner(suite), WITHIN_S)
    yield suite
    suite.compose("down", "--volumes")
    file.write_text(as_it_was)


@pytest.fixture
async def story(replayed: Composed) -> AsyncIterator[Story]:
    keys = replayed.clone / "keys"
    url = f"tls://127.0.0.1:{replayed.ports['NATS']}"
    authority = keys / "tls" / "ca.crt"
    client = await connect(url, "test", Keyring(keys).root(), authority=authority)
    yield Story(client)
    await client.close()


async def test_from_its_due_date_to_what_is_left_of_it(replayed: Composed, story: Story) -> None:
    def kill(_: int) -> None:
        replayed.kill("intake", owner(replayed, "intake"))

    await all_of_it(story, kill)
    replayed.compose("up", "--detach", "--wait", *TWICE)
    eventually("all is worked through", replayed.settled, WITHIN_S)
    eventually("each loop has one owner", lambda: each_loop_has_one_owner(replayed), WITHIN_S)
    with before(replayed, "SITE") as readers:
        (halved, rest) = sorted(
            readers.get("/api/checks").json()["checks"], key=lambda each: str(each["owner"])
        )
        assert (halved["owner"], rest["owner"]) == ("Parks", "Parks")
        assert {halved["state"], rest["state"]} == {"half-done", "open"}
        for page in ("/patterns", "/owners", f"/checks/{halved['check']}"):
            assert readers.get(page).status_code == 200, page
    assert replayed.status()["dead"] == 0
    assert counted_anew(replayed)["differences"] == []
    assert json.loads(replayed.tribune("verify", "--json"))["wrong"] == []


def _names(lines: list[str]) -> set[str]:
    return {each.partition("=")[0] for each in lines}
