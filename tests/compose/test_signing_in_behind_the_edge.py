"""Members and staff sign in over the composed suite, in a real browser: by TLS, by the edge."""

import base64
import hashlib
import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from chromium import CHROMIUM
from composed import Composed
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from persons import (
    Person,
    close_a_login,
    is_shut_out,
    joins_and_signs_in_with_a_code,
    person,
    signs_up_out_and_in,
)

pytestmark = [
    pytest.mark.compose,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed"),
]

STAFF = """
second_person = ["close-login"]

[person.ana]
name = "Ana Ruiz"
roles = ["operator"]

[person.ben]
name = "Ben Okri"
roles = ["operator"]
"""

Comes = Callable[[str], AbstractAsyncContextManager[Person]]


@pytest.fixture(scope="module")
def staffed(suite: Composed) -> Composed:
    """Promotion reads its charter at its start."""
    (suite.clone / "deploy" / "charter" / "staff.toml").write_text(STAFF)
    suite.compose("up", "--detach", "--wait")
    suite.compose("restart", "promotion")
    suite.compose("up", "--detach", "--wait")
    return suite


@pytest.fixture
def comes(staffed: Composed, tmp_path: Path) -> Comes:
    """Somebody with a browser that takes the edge's certificate, and no other."""
    port = staffed.ports["PROMOTION"]
    flags = [f"--ignore-certificate-errors-spki-list={key_of_the_edge(staffed, port)}"]
    return lambda name: person(tmp_path / name, f"https://127.0.0.1:{port}", flags)


def key_of_the_edge(suite: Composed, port: int) -> str:
    """For which its authority vouches; a browser has no option to be told of an authority."""
    here = ("127.0.0.1", port)
    with (
        socket.create_connection(here, 30) as wire,
        suite.trust.wrap_socket(wire, server_hostname=here[0]) as tls,
    ):
        shown = tls.getpeercert(binary_form=True)
    key = x509.load_der_x509_certificate(shown or b"").public_key()
    told = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(told).digest()).decode()


def invited(suite: Composed, who: str) -> str:
    said = suite.tribune("staff", "invite", who, "--reason", "Begins on Monday")
    return said.splitlines()[1].strip()


async def test_a_member_signs_up_out_and_in(comes: Comes) -> None:
    async with comes("ann") as ann:
        await signs_up_out_and_in(ann)
        kept = (await ann.tab.call("Network.getCookies"))["cookies"]
        assert {(each["secure"], each["httpOnly"]) for each in kept} == {(True, True)}


async def test_staff_sign_in_with_a_code_and_two_of_them_close_a_login(
    staffed: Composed, comes: Comes
) -> None:
    async with comes("ann") as ann, comes("ana") as ana, comes("ben") as ben:
        number = await ann.signs_up()
        await joins_and_signs_in_with_a_code(ana, invited(staffed, "ana"))
        await ben.joins("ben", invited(staffed, "ben"))
        await close_a_login(ana, ben, number)
        await is_shut_out(ann, number)


def test_a_checkers_browser_finds_what_it_may_keep_behind_the_edge(staffed: Composed) -> None:
    """By TLS, without which no browser keeps any of it; under the strict policy of content."""
    here = f"https://127.0.0.1:{staffed.ports['INTAKE']}/checking"
    with staffed.get(f"{here}/worker.js") as worker:
        assert worker.headers["Service-Worker-Allowed"].endswith("/checking")
        assert worker.headers["Content-Type"].startswith("text/javascript")
    with staffed.get(f"{here}/away") as away:
        assert "default-src 'none'" in away.headers["Content-Security-Policy"]
        assert "token" not in away.read().decode()
