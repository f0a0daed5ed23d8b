"""Tricks with paths, hosts, addresses and other people's things, each tried at the real doors."""

import os
import tomllib
from pathlib import Path

import pytest
from house import BASE, House
from strangers import PYTHON, copied, done_by_a_stranger, expected
from table import DOORS, NOBODYS, OUTSIDE, SERVICES, Door

from deploy.embedded.locking import lock_up
from deploy.locks.keyring import Keyring
from services.promotion.signing.passkey_store import Passkey
from services.promotion.signing.store import Store
from shared.runtime.beside import open_store

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVERYWHERE = {door.path for door in DOORS if door.service == "intake"}
PAGES = [d for d in DOORS if d.service == "promotion" and d.path not in EVERYWHERE]
INNER = ("/metrics", "/readyz")
TRICKS = tomllib.loads(Path(__file__).with_name("tricks.toml").read_text())
GUARDED = ("/me", "/me/ways", "/acts", "/acts/ask", "/me/recovery")


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("how", TRICKS["to_the_inner_door"])
async def test_figures_are_at_the_inner_door_alone(home: House, service: str, how: str) -> None:
    for path in INNER:
        for who in ("nobody", "operator", "auditor"):
            there = how.replace("{}", path)
            status, told = await home.raw((service, "public"), there, home.token_of(who))
            assert status in (400, 404, 405)
            assert "tribune_position" not in told
            assert '"reasons"' not in told


@pytest.mark.parametrize("door", PAGES, ids=lambda door: door.path)
async def test_no_page_is_at_the_inner_door(home: House, door: Door) -> None:
    """Nor at another service's."""
    for where in (("promotion", "inner"), ("intake", "public"), ("publishing", "inner")):
        for method in sorted(door.methods):
            answer = await home.ask(where, method, door.as_, home.token_of("operator"))
            assert answer.status_code in (404, 405)


@pytest.mark.parametrize("how", TRICKS["round_the_guard"])
@pytest.mark.parametrize("path", GUARDED)
async def test_no_other_way_of_writing_it_leads_round_the_guard(
    home: House, path: str, how: str
) -> None:
    for who in ("nobody", "forged", "closed"):
        there = how.replace("{}", path)
        status, told = await home.raw(("promotion", "public"), there, home.token_of(who))
        assert status in (303, 400, 404, 405)
        assert 'name="token"' not in told


@pytest.mark.parametrize("path", TRICKS["to_a_file"])
@pytest.mark.parametrize("service", SERVICES)
async def test_no_file_is_handed_out(home: House, service: str, path: str) -> None:
    for door in ("public", "inner"):
        status, _ = await home.raw((service, door), path)
        assert status in (400, 404)


@pytest.mark.parametrize("host", TRICKS["hosts"])
@pytest.mark.parametrize("header", TRICKS["headers"])
async def test_what_a_reader_calls_us_is_repeated_nowhere(
    home: House, header: str, host: str
) -> None:
    said = f"host={host}" if header == "Forwarded" else host
    for door in DOORS:
        if "GET" in door.answers and not door.endless:
            answer = await home.ask(door.where, "GET", door.as_, headers={header: said})
            told = answer.text + "".join(answer.headers.values())
            assert "evil.example" not in told, door.path


@pytest.mark.parametrize("who", OUTSIDE)
async def test_no_impostor_is_given_a_fresh_session(home: House, who: str) -> None:
    for there in ("/renew?back=/&of=intake", "/sign-in", "/sign-out", "/staff/provider/back"):
        answer = await home.ask(("promotion", "public"), "GET", there, home.token_of(who))
        assert "tribune_session" not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize(
    "back", ["https://evil.example", "//evil.example", "/\\evil.example", "evil.example", "/\t/x"]
)
@pytest.mark.parametrize("of", ["intake", "publishing", "promotion", "evil", ""])
async def test_nobody_is_led_elsewhere(home: House, back: str, of: str) -> None:
    where = ("promotion", "public")
    for path in ("/renew", "/me", "/sign-in"):
        token = home.token_of("member")
        answer = await home.ask(where, "GET", path, token, params={"back": back, "of": of})
        there = answer.headers.get("location", "") + answer.text
        assert 'href="https://evil' not in there
        assert not answer.headers.get("location", BASE).startswith(("https://evil", "//"))


@pytest.mark.parametrize("what", ["name", "remove"])
@pytest.mark.parametrize("who", ["member", "operator", "auditor"])
async def test_nobody_touches_the_passkey_of_another_one(home: House, who: str, what: str) -> None:
    runtime = home.runtimes["promotion"]
    store = Store(open_store(runtime.settings.secrets_database("promotion")), home.keyring)
    login = home.sessions["bob"].login_id
    if await store.passkeys.named(NOBODYS[1:] + "1") is None:
        await store.passkeys.add(Passkey(NOBODYS[1:] + "1", login, b"a key", 0))
    path = f"/me/passkeys/{NOBODYS[1:]}1/{what}"
    fields = {"token": home.form_token, "called": "mine"}
    for method, given in (("GET", {}), ("POST", {"data": fields})):
        answer = await home.ask(("promotion", "public"), method, path, home.token_of(who), **given)
        assert answer.status_code == 404
    kept = await store.passkeys.of(login)
    assert [each.called for each in kept] == [""]


@pytest.mark.parametrize(
    ("who", "fields", "status"),
    [
        ("ana", {}, 409),  # one person is not two
        ("editor", {}, 403),
        ("auditor", {}, 403),
        ("member", {}, 403),
        ("nobody", {}, 401),
        ("closed", {}, 401),
    ],
)
async def test_an_act_that_waits_is_allowed_by_no_other_than_a_second_operator(
    home: House, who: str, fields: dict[str, str], status: int
) -> None:
    before = await home.written()
    data = {"token": home.form_token} | fields
    path = f"/acts/{home.act}/allow"
    answer = await home.ask(("promotion", "public"), "POST", path, home.token_of(who), data=data)
    assert answer.status_code == status
    assert await home.written() == before


async def test_who_is_second_may(home: House) -> None:
    path, data = f"/acts/{home.act}/allow", {"token": home.form_token}
    where, before = ("promotion", "public"), await home.written()
    assert (await home.ask(where, "GET", path, home.token_of("ben"))).status_code == 405
    assert await home.written() == before
    assert (await home.ask(where, "POST", path, home.token_of("ben"), data=data)).status_code == 303
    assert await home.written() > before
    answer = await home.ask(where, "POST", path, home.token_of("ana"), data=data)
    assert answer.status_code == 409


@pytest.fixture
def folder(home: House) -> Path:
    """The instance's, with the keys of a locked log."""
    keys = Keyring(home.folder / "keys")
    if not keys.folder.exists():
        lock_up(keys, home.folder / "nats", ("boston",))
        keys.add("dashboard", "press")
    return home.folder


async def test_each_file_and_folder_is_its_own_users_alone(folder: Path) -> None:
    found = list(expected(folder))
    assert [str(path) for path, mode in found if mode is None] == [], "not in the table"
    assert {path: path.stat().st_mode & 0o7777 for path, _ in found} == dict(found)
    assert len(found) > 40


@pytest.mark.skipif(os.getuid() != 0 or PYTHON is None, reason="nobody to try it as")
async def test_another_user_of_the_machine_reads_and_writes_none(folder: Path) -> None:
    with copied(folder) as copy:
        assert done_by_a_stranger(copy) == []
        for path in (copy, *copy.rglob("*")):
            if path.is_dir():
                path.chmod(0o755)
        done = done_by_a_stranger(copy)
    assert [each for each in done if not each.startswith("list")] == [], "each by itself, too"
