"""Every NATS configuration we have makes the server wait for the disk, and tests run on ours."""

import asyncio
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.embedded import Suite, running
from deploy.locks.certificates import Certificates
from deploy.locks.keyring import Keyring
from deploy.locks.server import write_configuration
from shared.runtime.settings import PROJECT
from shared.testing.servers import NATS_MAX_FILE, NatsServer, free_port, nats_server

CONFIGURATIONS = sorted((PROJECT / "deploy" / "nats").glob("*.conf"))


def told_by(monitor_url: str) -> dict[str, Any]:
    return dict(httpx.get(f"{monitor_url}/varz", trust_env=False).raise_for_status().json())


def _with_certificate(folder: Path) -> Path:
    """The configurations, and what they would find in a container: a certificate, and a name."""
    copy = shutil.copytree(CONFIGURATIONS[0].parent, folder / "nats")
    ours = Certificates(folder / "keys-of-tls")
    ours.complete()
    suite = (copy / "suite.conf").read_text().replace("nats-log:", "127.0.0.1:")
    for secret, file in (("nats-certificate", ours.certificate), ("nats-key", ours.key)):
        suite = suite.replace(f"/run/secrets/{secret}", str(file))
    (copy / "suite.conf").write_text(suite)
    return copy


@pytest.mark.parametrize("configuration", CONFIGURATIONS, ids=lambda path: path.name)
def test_the_server_waits_for_the_disk_and_refuses_at_its_limit(
    configuration: Path, tmp_path: Path
) -> None:
    """Parts that others include are looked at as well: alone they must not be less safe."""
    given = {"TRIBUNE_NATS_MAX_FILE": "123MB"}
    beside = _with_certificate(tmp_path) / configuration.name
    keyring = Keyring(tmp_path / "nats-keys")
    keyring.complete()
    write_configuration(keyring, tmp_path / "accounts")
    server = NatsServer(tmp_path, free_port(), configuration=beside, environment=given)
    with ExitStack() as ends:
        ends.callback(server.stop)
        server.start()
        told = told_by(server.monitor_url)
    assert told["jetstream"]["config"].get("sync_always") is True
    assert told["jetstream"]["config"]["max_storage"] == 123 * 1024**2
    assert told["jetstream"]["config"]["strict"] is True
    assert told["max_payload"] == 4 * 1024**2


def test_the_server_of_the_composed_suite_does_not_start_without_locks(tmp_path: Path) -> None:
    beside = _with_certificate(tmp_path) / "suite.conf"
    with pytest.raises(RuntimeError, match="nats-server"):
        NatsServer(tmp_path, free_port(), configuration=beside).start()


def test_there_are_configurations_to_look_at() -> None:
    assert {path.name for path in CONFIGURATIONS} >= {"log.conf", "suite.conf"}


async def test_tests_run_on_the_settings_of_a_suite_but_for_its_locks(tmp_path: Path) -> None:
    suite = Suite(tmp_path / "suite", services=(), max_file=int(NATS_MAX_FILE))
    async with running(suite):
        ours = told_by(suite.monitor_url)
    with nats_server() as server:
        theirs = await asyncio.to_thread(told_by, server.monitor_url)
    assert ours["trusted_operators_jwt"]
    alike = ("max_payload", "write_deadline", "max_pending", "max_control_line", "ping_interval")
    assert {name: theirs[name] for name in alike} == {name: ours[name] for name in alike}
    kept = theirs["jetstream"]["config"] | {"store_dir": ""}
    assert kept == ours["jetstream"]["config"] | {"store_dir": ""}
