"""NATS by TLS: the suite's own certificate, who trusts it, and that nobody can say "without"."""

import asyncio
import ssl
import stat
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from cryptography import x509
from locked import locked_server

from deploy.embedded.locking import Door
from deploy.locks.certificates import LASTS, RENEWED_BEFORE, BadFileError, Certificates
from deploy.locks.keyring import Keyring
from deploy.locks.telling import tell
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.tls import AuthorityError, certificate_ends, distrusted
from shared.runtime.broker import make_broker
from shared.testing.servers import NatsServer

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in (folder / "tls").iterdir()}


def test_it_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    ours = Certificates(tmp_path)
    assert ours.complete(["nats.example", "192.0.2.7"], NOW)
    before = _files(tmp_path)
    assert before.keys() == {"ca.crt", "ca.key", "nats.crt", "nats.key"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in ours.folder.iterdir()} == {0o600}
    assert not ours.complete(["nats.example", "192.0.2.7"], NOW + LASTS - RENEWED_BEFORE * 2)
    assert _files(tmp_path) == before


def test_it_is_renewed_before_it_ends_and_when_its_names_change(tmp_path: Path) -> None:
    ours = Certificates(tmp_path)
    ours.complete((), NOW)
    before = _files(tmp_path)
    assert ours.complete((), NOW + LASTS - RENEWED_BEFORE)
    renewed = _files(tmp_path)
    assert ours.ends() > NOW + LASTS
    assert renewed["ca.crt"] == before["ca.crt"], "nobody has to be told of another authority"
    assert renewed["nats.crt"] != before["nats.crt"]
    assert ours.complete(["nats.example"], NOW + LASTS - RENEWED_BEFORE)
    named = x509.load_pem_x509_certificate(ours.certificate.read_bytes()).extensions
    names = named.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["nats", "localhost", "nats.example"]


@pytest.mark.parametrize("lost", ["ca.key", "ca.crt"])
def test_another_authority_signs_anew(tmp_path: Path, lost: str) -> None:
    """Where the certificate is gone as well, it is no operator's own."""
    ours = Certificates(tmp_path)
    ours.complete((), NOW)
    (ours.folder / lost).unlink()
    ours.certificate.unlink()
    before = ours.key.read_bytes()
    assert ours.complete((), NOW)
    assert ours.key.read_bytes() != before
    assert not ours.complete((), NOW)


def test_a_key_that_is_not_the_certificates_is_made_anew(tmp_path: Path) -> None:
    ours, others = Certificates(tmp_path / "ours"), Certificates(tmp_path / "others")
    ours.complete((), NOW)
    others.complete((), NOW)
    ours.key.write_bytes(others.key.read_bytes())
    assert ours.complete((), NOW)


def test_an_operators_own_stays_whatever_it_says(tmp_path: Path) -> None:
    ours = Certificates(tmp_path)
    ours.complete((), NOW)
    (ours.folder / "ca.key").unlink()
    before = _files(tmp_path)
    assert not ours.complete(["nats.example"], NOW + LASTS * 2)
    assert _files(tmp_path) == before


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def spoken(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Path, str, int]]:
    """Its keys, and where it listens."""
    folder = tmp_path_factory.mktemp("tls")
    async with locked_server(folder, Door(tls=True)) as locked:
        yield folder / "keys", "127.0.0.1", locked.server.port


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("scheme", ["tls", "nats"])
async def test_who_trusts_its_authority_comes_in(
    spoken: tuple[Path, str, int], scheme: str
) -> None:
    keys, host, port = spoken
    ours = Certificates(keys)
    whom = keys / "creds" / "operator.creds"
    url = f"{scheme}://{host}:{port}"
    client = await connect(url, "test", whom, authority=ours.authority, once=True)
    try:
        await client.jetstream().stream_info("PUBLIC")
        assert certificate_ends(client) == ours.ends().replace(microsecond=0)
    finally:
        await client.close()


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("scheme", ["tls", "nats"])
async def test_who_does_not_is_told_what_to_trust(
    spoken: tuple[Path, str, int], scheme: str, tmp_path: Path
) -> None:
    keys, host, port = spoken
    others = Certificates(tmp_path)
    others.complete()
    url, whom = f"{scheme}://{host}:{port}", keys / "creds" / "operator.creds"
    for authority in (None, others.authority):
        with pytest.raises(ssl.SSLCertVerificationError) as refused:
            await connect(url, "test", whom, authority=authority, once=True)
        assert "TRIBUNE_NATS_CA" in distrusted(refused.value)
    with pytest.raises(AuthorityError, match="no certificates to trust"):
        await connect(url, "test", whom, authority=whom, once=True)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_service_and_a_new_key_come_by_tls_too(spoken: tuple[Path, str, int]) -> None:
    keys, host, port = spoken
    ours, url = Certificates(keys), f"tls://{host}:{port}"
    broker = make_broker(url, "intake", keys / "creds" / "intake.creds", ours.authority)
    await broker.connect()
    await broker.stop()
    await tell(url, Keyring(keys), "log")


@pytest.mark.asyncio(loop_scope="module")
async def test_nobody_in_between_can_say_that_there_is_no_tls(
    spoken: tuple[Path, str, int],
) -> None:
    """He would get our signature under the server's word, and be us."""
    keys, *_ = spoken
    heard = bytearray()

    async def between(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b'INFO {"server_id":"x","version":"2.15.1","nonce":"abc","headers":true}\r\n')
        heard.extend(await reader.read(65_536))
        writer.close()

    async with AsyncExitStack() as ends:
        server = await ends.enter_async_context(await asyncio.start_server(between, "127.0.0.1", 0))
        port = server.sockets[0].getsockname()[1]
        whom, trust = keys / "creds" / "operator.creds", Certificates(keys).authority
        with pytest.raises((ssl.SSLError, ConnectionError)):
            await connect(f"tls://127.0.0.1:{port}", "test", whom, authority=trust, once=True)
    assert heard
    assert b"CONNECT" not in heard


async def test_a_server_without_is_told_as_such(log_server: NatsServer, tmp_path: Path) -> None:
    ours = Certificates(tmp_path)
    ours.complete()
    url = log_server.url.replace("nats://", "tls://")
    with pytest.raises(ssl.SSLError) as refused:
        await connect(url, "test", authority=ours.authority, once=True)
    assert "does not speak TLS" in distrusted(refused.value)


def test_the_moment_of_renewal_is_long_before_the_end() -> None:
    assert timedelta(days=60) < RENEWED_BEFORE < LASTS / 2


@pytest.mark.parametrize("name", ["nats.key", "nats.crt", "ca.crt", "ca.key"])
@pytest.mark.parametrize("content", [b"", b"\xff" * 40, b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_damaged_file_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    ours = Certificates(tmp_path)
    ours.complete((), NOW)
    (ours.folder / name).write_bytes(content)
    with pytest.raises(BadFileError, match=f"{name} holds no .*put it back from a copy"):
        ours.complete(["nats.example"], NOW)


def test_an_authority_that_is_not_the_keys_signs_nothing(tmp_path: Path) -> None:
    """As where an operator's own files were put there, and ca.key was left."""
    ours, theirs = Certificates(tmp_path / "ours"), Certificates(tmp_path / "theirs")
    ours.complete((), NOW)
    theirs.complete((), NOW)
    for file in (theirs.authority, theirs.certificate, theirs.key):
        (ours.folder / file.name).write_bytes(file.read_bytes())
    before = _files(tmp_path / "ours")
    with pytest.raises(BadFileError, match=r"ca\.key does not belong to .*take ca\.key away"):
        ours.complete(["nats.example"], NOW)
    assert _files(tmp_path / "ours") == before
