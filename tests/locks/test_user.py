"""`tribune user` on a suite that runs: what it changes counts at once, and twice is as once."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from real_suite import CHARTER, free_ports
from tried_user import tried
from typer.testing import CliRunner, Result

from deploy.asking import ask, outlasting
from deploy.cli import app
from deploy.connecting import connected
from deploy.embedded import Suite, running
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.credentials import Credentials

pytestmark = pytest.mark.asyncio(loop_scope="module")

INFO = "$JS.API.STREAM.INFO.PUBLIC"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def suite(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Suite]:
    folder = tmp_path_factory.mktemp("suite")
    async with running(Suite(folder, CHARTER, free_ports(), services=("promotion",))) as found:
        yield found


async def user(suite: Suite, *arguments: str) -> Result:
    where = ("--data-dir", str(suite.data_dir))
    return await asyncio.to_thread(CliRunner().invoke, app, ["user", *arguments, *where])


async def listed(suite: Suite) -> dict[tuple[str, str], str]:
    said = json.loads((await user(suite, "list", "--json")).stdout)
    return {(row["kind"], row["name"]): row["state"] for row in said}


def kept(text: str, folder: Path) -> Credentials:
    file = folder / "given.creds"
    file.write_text(text)
    return Credentials.read(file)


async def test_a_command_knows_where_its_pages_are(suite: Suite) -> None:
    """Who is invited is told an address, and the ports of this suite are not the usual ones."""
    async with connected(suite.data_dir) as found:
        sites = found.settings.sites_for("promotion")
    assert sites.base == f"http://127.0.0.1:{suite.service_port('promotion')}/"


async def test_who_is_added_is_let_in_at_once_and_once_more_changes_nothing(
    suite: Suite, tmp_path: Path
) -> None:
    given = ("add", "press", "--kind", "dashboard", "--print-creds")
    first = await user(suite, *given)
    again = await user(suite, *given)
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert first.stdout == again.stdout
    assert "is there already" in again.stderr
    async with tried(suite.nats_url, kept(first.stdout, tmp_path)) as press:
        assert await press.ask(INFO)
        assert await press.ask("$JS.API.CONSUMER.INFO.PUBLIC.dashboard-press")
    assert (await listed(suite))["dashboard", "press"] == "good"


async def test_who_gets_a_new_key_is_out_with_the_old_one(suite: Suite, tmp_path: Path) -> None:
    old = await user(suite, "add", "radio", "--kind", "dashboard", "--print-creds")
    async with (
        tried(suite.nats_url, kept(old.stdout, tmp_path)) as radio,
        asyncio.timeout(20),
    ):
        new = await user(suite, "rotate", "radio", "--kind", "dashboard", "--print-creds")
        while not radio.client.is_closed:
            await asyncio.sleep(0.02)
    with pytest.raises(Exception, match="Authorization Violation"):
        async with tried(suite.nats_url, kept(old.stdout, tmp_path)):
            pass
    async with tried(suite.nats_url, kept(new.stdout, tmp_path)) as radio:
        assert await radio.ask(INFO)


async def test_who_is_revoked_is_out_and_may_be_let_in_again(suite: Suite, tmp_path: Path) -> None:
    old = await user(suite, "add", "boris", "--kind", "member", "--print-creds")
    assert (await user(suite, "revoke", "boris", "--kind", "member")).exit_code == 0
    again = await user(suite, "revoke", "boris", "--kind", "member")
    assert again.exit_code == 0
    assert "revoked already" in again.stderr
    assert (await listed(suite))["member", "boris"] == "revoked"
    with pytest.raises(Exception, match="Authorization Violation"):
        async with tried(suite.nats_url, kept(old.stdout, tmp_path)):
            pass
    assert (await user(suite, "rotate", "boris", "--kind", "member")).exit_code == 2
    new = await user(suite, "add", "boris", "--kind", "member", "--print-creds")
    async with tried(suite.nats_url, kept(new.stdout, tmp_path)) as boris:
        assert await boris.ask(INFO)
    with pytest.raises(Exception, match="Authorization Violation"):
        async with tried(suite.nats_url, kept(old.stdout, tmp_path)):
            pass


async def test_a_service_goes_on_under_a_new_key(suite: Suite) -> None:
    operator = await connect(suite.nats_url, "test", suite.credentials("operator"))
    before = Credentials.read(suite.credentials("promotion"))
    try:
        assert (await user(suite, "rotate", "promotion", "--kind", "suite")).exit_code == 0
        said = await outlasting(operator, lambda: ask(operator, "promotion"))
    finally:
        await operator.close()
    assert said["service"] == "promotion"
    assert Credentials.read(suite.credentials("promotion")) != before


async def test_who_is_given_some_days_is_told_until_when(suite: Suite) -> None:
    await user(suite, "add", "short", "--kind", "staff", "--days", "2")
    rows = json.loads((await user(suite, "list", "--json")).stdout)
    (row,) = [row for row in rows if row["name"] == "short"]
    assert row["expires"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", "chicago", "--kind", "source"), "the charter has no source chicago"),
        (("rotate", "nobody", "--kind", "staff"), "there is no staff nobody"),
        (("revoke", "nobody", "--kind", "source"), "there is no source nobody"),
        (("revoke", "promotion", "--kind", "suite"), "does not run without promotion"),
        (("add", "Press", "--kind", "dashboard"), "small letters"),
        (("add", "a.b", "--kind", "dashboard"), "small letters"),
        (("add", "*", "--kind", "dashboard"), "small letters"),
        (("add", "press", "--kind", "suite"), "suite"),
        (("add", "press", "--kind", "king"), "king"),
    ],
)
async def test_what_is_asked_wrongly_is_told(
    suite: Suite, arguments: tuple[str, ...], words: str
) -> None:
    before = await listed(suite)
    ended = await user(suite, *arguments)
    assert ended.exit_code == 2
    assert words in ended.stderr
    assert await listed(suite) == before


async def test_where_there_are_no_keys_it_says_what_to_do(tmp_path: Path) -> None:
    where = ["user", "list", "--data-dir", str(tmp_path / "nothing")]
    ended = await asyncio.to_thread(CliRunner().invoke, app, where)
    assert ended.exit_code == 2
    assert "there are no keys" in ended.stderr


async def test_a_rotation_that_was_cut_off_leaves_no_key_that_is_good(
    suite: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ("paper", "--kind", "dashboard")
    first = kept((await user(suite, "add", *given, "--print-creds")).stdout, tmp_path)

    async def away(*_: object) -> None:
        raise OSError("NATS is away")

    with monkeypatch.context() as cut:
        cut.setattr("deploy.commands.user.tell", away)
        assert (await user(suite, "rotate", *given)).exit_code != 0
    assert (await user(suite, "rotate", *given)).exit_code == 0
    with pytest.raises(Exception, match="Authorization Violation"):
        async with tried(suite.nats_url, first):
            pass


async def test_who_has_taken_a_file_of_ours_away_is_out_once_it_is_made_anew(
    suite: Suite, tmp_path: Path
) -> None:
    file, stolen = suite.credentials("clock"), tmp_path / "stolen.creds"
    file.rename(stolen)
    suite.keys.complete(["boston"])
    assert (await user(suite, "rotate", "clock", "--kind", "suite")).exit_code == 0
    with pytest.raises(Exception, match="Authorization Violation"):
        async with tried(suite.nats_url, Credentials.read(stolen)):
            pass
    async with tried(suite.nats_url, Credentials.read(file)) as clock:
        assert await clock.ask("clock.now", b"{}")


async def test_a_revocation_that_was_cut_off_is_not_called_one(
    suite: Suite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = ("spy", "--kind", "dashboard")
    first = kept((await user(suite, "add", *given, "--print-creds")).stdout, tmp_path)

    async def away(*_: object) -> None:
        raise OSError("NATS is away")

    with monkeypatch.context() as cut:
        cut.setattr("deploy.commands.user.tell", away)
        assert (await user(suite, "revoke", *given)).exit_code != 0
    async with tried(suite.nats_url, first) as spy:
        assert await spy.ask(INFO)
    assert (await listed(suite))["dashboard", "spy"] == "revoked, and NATS not told"
    assert (await user(suite, "revoke", *given)).exit_code == 0
    assert (await listed(suite))["dashboard", "spy"] == "revoked"
    with pytest.raises(Exception, match="Authorization Violation"):
        async with tried(suite.nats_url, first):
            pass


async def test_who_is_there_without_credentials_is_not_told_of_a_file_that_is_none(
    suite: Suite,
) -> None:
    """As when `add` was cut off; whoever has taken the file elsewhere stays in."""
    given = ("cut", "--kind", "dashboard")
    await user(suite, "add", *given)
    (before,) = [each for each in suite.keys.users() if each.name == "cut"]
    suite.keys.creds(before.account).unlink()
    again = await user(suite, "add", *given, "--print-creds")
    assert again.exit_code == 2
    assert "`tribune user rotate` gives a new key" in again.stderr
    assert "taken away" in again.stderr
    assert before in suite.keys.users()
    assert (await user(suite, "rotate", *given)).exit_code == 0
    assert (await user(suite, "add", *given, "--print-creds")).exit_code == 0
