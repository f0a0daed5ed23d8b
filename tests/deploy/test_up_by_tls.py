"""A suite without containers whose NATS speaks TLS, and its own commands."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.connecting import NatsAwayError, connected
from deploy.embedded import Suite, running
from deploy.looking.status import TOLD_BEFORE, _ending
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.tls import certificate_ends
from shared.web.sites import whole


@pytest.mark.parametrize("tls", [True, False])
async def test_its_commands_come_in_and_a_stranger_does_not_take_it_for_ours(
    tmp_path: Path, *, tls: bool
) -> None:
    async with running(Suite(tmp_path, services=(), tls=tls)) as suite:
        async with connected(tmp_path) as found:
            ends = certificate_ends(found.client)
            assert (ends is not None) == tls
        if tls:
            assert suite.nats_url.startswith("tls://")
            with pytest.raises(ssl.SSLCertVerificationError):
                await connect(suite.nats_url, "test", suite.credentials("operator"), once=True)


async def test_who_names_it_by_its_address_is_told_what_to_trust(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with running(Suite(tmp_path, services=(), tls=True)) as suite:
        monkeypatch.setenv("TRIBUNE_NATS_URL", suite.nats_url)
        monkeypatch.setenv("TRIBUNE_NATS_CREDENTIALS", str(suite.credentials("operator")))
        with pytest.raises(NatsAwayError, match="TRIBUNE_NATS_CA names the file to trust"):
            async with connected(None):
                pass
        monkeypatch.setenv("TRIBUNE_NATS_CA", str(suite.authority))
        async with connected(None) as found:
            assert found.services_run


@pytest.mark.parametrize(("days", "is_told"), [(-1, True), (59, True), (61, False)])
def test_that_a_certificate_ends_is_told_long_before(days: int, *, is_told: bool) -> None:
    assert timedelta(days=60) == TOLD_BEFORE
    said = _ending(datetime.now(UTC) + timedelta(days=days, hours=1))
    assert [("tribune init" in line, "restart nats" in line) for line in said] == (
        [(True, True)] if is_told else []
    )
    assert _ending(None) == []


@pytest.mark.parametrize(
    ("port", "host", "address"),
    [
        (":443", "https://tribune.example", "https://tribune.example"),
        (":80", "http://tribune.example/", "http://tribune.example"),
        (":80", "https://tribune.example", "https://tribune.example:80"),
        (":8000", "https://127.0.0.1", "https://127.0.0.1:8000"),
        ("https://elsewhere.example", "https://127.0.0.1", "https://elsewhere.example"),
    ],
)
def test_a_usual_port_is_left_out_as_browsers_leave_it_out(
    port: str, host: str, address: str
) -> None:
    """Else a form from https://tribune.example would be one from elsewhere."""
    assert whole(port, host) == address
