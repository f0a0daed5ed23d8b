"""The whole suite on one machine: a real NATS server and the services, each its own process."""

import asyncio
import fcntl
import json
import os
import shutil
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import structlog

from deploy.declaring import declare_suite
from deploy.suite import SERVICES
from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.connection import connect
from shared.runtime.charter import read_charter
from shared.runtime.settings import PORTS, PROJECT, Settings

READY_WITHIN_S = 60.0
STARTS_TRIED = 3
STOPS_WITHIN_S = 25.0
REFUSES = 3  # a service's exit code when the log can't be trusted
LOCK = "suite.lock"
NATS_CONF = Path(__file__).parent / "nats" / "embedded.conf"


@dataclass
class Suite:
    """What runs where; kept in `suite.json`, where other commands find it by the data directory."""

    data_dir: Path
    charter_dir: Path = PROJECT / "deploy" / "charter"
    port: int = PORTS["publishing"]
    clock: str = "wall"
    max_file: str = "20GB"
    nats_port: int = 0
    monitor_port: int = 0
    services: tuple[str, ...] = SERVICES
    environment: dict[str, str] = field(default_factory=dict)
    pids: dict[str, int] = field(default_factory=dict)
    ready: bool = False

    @property
    def nats_url(self) -> str:
        return f"nats://127.0.0.1:{self.nats_port}"

    @property
    def monitor_url(self) -> str:
        return f"http://127.0.0.1:{self.monitor_port}"

    def service_port(self, service: str) -> int:
        return self.port + PORTS[service] - PORTS["publishing"]

    def note(self) -> None:
        facts = {
            "nats_url": self.nats_url,
            "monitor_url": self.monitor_url,
            "port": self.port,
            "pids": self.pids,
        }
        (self.data_dir / "suite.json").write_text(json.dumps(facts))


@asynccontextmanager
async def running(suite: Suite) -> AsyncIterator[Suite]:
    """Start everything, wait until all is ready, keep it running, stop it at the end.

    Raises RuntimeError with what to do if something does not start, and LogDamagedError. Without
    services it is the log alone, as it is: nothing is declared.
    """
    suite.data_dir.mkdir(parents=True, exist_ok=True)
    lock = _claim_folder(suite.data_dir)
    suite.nats_port = suite.nats_port or _free_port()
    suite.monitor_port = suite.monitor_port or _free_port()
    stopping = asyncio.Event()
    nats = _keep(suite, "nats", _nats_command(suite), stopping, inherits=(lock,))
    keepers = [asyncio.create_task(nats)]
    try:
        await _nats_answers(suite)
        if suite.services:
            await _declare_streams(suite)
        for service in suite.services:
            _claim_port(service, suite.service_port(service))
            # -P: a folder `deploy` under the current one is not ours.
            command = [sys.executable, "-P", "-m", "deploy.cli", "service", service]
            keepers.append(asyncio.create_task(_keep(suite, service, command, stopping)))
        await _all_ready(suite, keepers)
        suite.ready = True
        yield suite
    finally:
        stopping.set()
        for keeper in reversed(keepers):
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
        with suppress(FileNotFoundError):
            (suite.data_dir / "suite.json").unlink()
        os.close(lock)


def is_running(data_dir: Path) -> bool:
    """Whether a server writes in this folder."""
    try:
        os.close(_lock(data_dir))
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _claim_folder(data_dir: Path) -> int:
    """NATS inherits the lock, which so lasts as long as it writes there, whatever becomes of us."""
    (data_dir / LOCK).touch(mode=0o600)
    try:
        return _lock(data_dir)
    except BlockingIOError:
        note = data_dir / "suite.json"
        pids = json.loads(note.read_text())["pids"] if note.exists() else {}
        processes = ", ".join(f"{name} is process {pid}" for name, pid in pids.items())
        raise RuntimeError(
            f"a suite runs already in {data_dir}; stop it first, or choose another folder with"
            f" --data-dir. {processes}"
        ) from None


def _lock(data_dir: Path) -> int:
    lock = os.open(data_dir / LOCK, os.O_RDWR)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise
    return lock


def _nats_command(suite: Suite) -> list[str]:
    beside = Path(sys.executable).with_name("nats-server")
    server = str(beside) if beside.exists() else shutil.which("nats-server")
    if server is None:
        raise RuntimeError("there is no nats-server; `make setup` installs it")
    store = suite.data_dir / "nats"
    ports = ["-p", str(suite.nats_port), "-m", str(suite.monitor_port)]
    return [server, "-c", str(NATS_CONF), *ports, "-sd", str(store)]


async def _keep(
    suite: Suite,
    name: str,
    command: list[str],
    stopping: asyncio.Event,
    inherits: tuple[int, ...] = (),
) -> None:
    """Run one process and start it again whenever it ends by itself.

    Raises LogDamagedError if it refuses to run, RuntimeError if it does not start.
    """
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")])),
        "TRIBUNE_NATS_URL": suite.nats_url,
        "TRIBUNE_NATS_MONITOR_URL": suite.monitor_url,
        "TRIBUNE_NATS_MAX_FILE": suite.max_file,
        "TRIBUNE_DATA_DIR": str(suite.data_dir),
        "TRIBUNE_CHARTER_DIR": str(suite.charter_dir),
        "TRIBUNE_CLOCK": suite.clock,
        "TRIBUNE_PORT": str(suite.service_port(name)) if name in PORTS else "0",
        **_not_from_the_file(),
        **suite.environment,
    }
    path = suite.data_dir / f"{name}.log"
    failures = 0
    with path.open("ab") as log:
        while not stopping.is_set():
            process = await asyncio.create_subprocess_exec(
                *command,
                stdout=log,
                stderr=log,
                env=environment,
                start_new_session=True,
                pass_fds=inherits,
            )
            suite.pids[name] = process.pid
            suite.note()
            try:
                code = await process.wait()
            except asyncio.CancelledError:
                await _stop(process)
                raise
            if code == REFUSES:
                structlog.get_logger().critical("refuses to run", part=name, log=str(path))
                raise LogDamagedError(f"{name} refuses to run; {path} ends with:\n{_end_of(path)}")
            failures += 1
            if not suite.ready and failures == STARTS_TRIED:
                raise RuntimeError(f"{name} does not start; {path} ends with:\n{_end_of(path)}")
            structlog.get_logger().warning("ended and is started again", part=name, exit_code=code)
            await asyncio.sleep(0.3)


def _not_from_the_file() -> dict[str, str]:
    """A `.env` describes the composed suite; this one must not write into that one's database."""
    others = ("TRIBUNE_DATABASE_URL", "TRIBUNE_RELEASE_KEY")
    return {name: os.environ.get(name, "") for name in others}


def _end_of(path: Path, lines: int = 5) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])


async def _stop(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOPS_WITHIN_S)
    except TimeoutError:
        process.kill()
        await process.wait()


async def _nats_answers(suite: Suite) -> None:
    for _ in range(200):
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", suite.nats_port), 0.5).close()
            return
        await asyncio.sleep(0.05)
    raise RuntimeError(f"NATS does not start; see {suite.data_dir / 'nats.log'}")


async def _declare_streams(suite: Suite) -> None:
    """As `tribune setup` does it; a `.env` is not asked, for it describes another suite."""
    inboxes = read_charter(suite.charter_dir).inboxes(Settings(_env_file=None).inbox_limits)
    client = await connect(suite.nats_url, "setup")
    try:
        done = await declare_suite(client, inboxes, suite.monitor_url)
        for change in done.changed:
            structlog.get_logger().warning("changed the limit of an inbox", change=str(change))
    finally:
        await client.close()


async def _all_ready(suite: Suite, keepers: list[asyncio.Task[None]]) -> None:
    waits_for: dict[str, str] = dict.fromkeys(suite.services, "does not answer")
    with suppress(TimeoutError):
        async with asyncio.timeout(READY_WITHIN_S), httpx.AsyncClient() as http:
            while waits_for:
                for keeper in keepers:
                    if keeper.done():
                        keeper.result()
                for service in list(waits_for):
                    with suppress(httpx.HTTPError):
                        url = f"http://127.0.0.1:{suite.service_port(service)}/readyz"
                        answer = await http.get(url)
                        waits_for[service] = "; ".join(answer.json()["reasons"])
                        if answer.status_code == httpx.codes.OK:
                            del waits_for[service]
                await asyncio.sleep(0.05)
    if waits_for:
        said = ". ".join(f"{service}: {reasons}" for service, reasons in waits_for.items())
        raise RuntimeError(f"not ready after {READY_WITHIN_S:.0f} s. {said}")


def _claim_port(service: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise RuntimeError(
                f"port {port} for {service} is taken; choose others with --port"
            ) from None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
