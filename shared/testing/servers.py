"""Real NATS and PostgreSQL servers for tests: private, on a free port, in their own folders."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from shared.runtime.ports import free_port
from shared.runtime.settings import PROJECT
from shared.testing.processes import end, program, wait_for

__all__ = ["NatsServer", "PostgresServer", "free_port", "nats_server", "postgres_server"]

NATS_CONF = PROJECT / "deploy" / "nats" / "log.conf"
NATS_MAX_FILE = str(2 * 1024**3)


@dataclass
class NatsServer:
    """A nats-server that can be killed and started again on the same port with the same store.

    It has the configuration of production, but for its ports, its store and how large that may get.
    """

    directory: Path
    port: int
    monitor_port: int = 0
    configuration: Path = NATS_CONF
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        while self.monitor_port in (0, self.port):
            self.monitor_port = free_port()

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    @property
    def monitor_url(self) -> str:
        return f"http://127.0.0.1:{self.monitor_port}"

    def start(self) -> None:
        """Returns when the server takes connections."""
        where = ["-a", "127.0.0.1", "-p", str(self.port), "-m", str(self.monitor_port)]
        options = ["-c", str(self.configuration), *where, "-sd", str(self.directory)]
        with (self.directory / "nats.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                [program("nats-server"), *options],
                stdout=log,
                stderr=log,
                env=os.environ | {"TRIBUNE_NATS_MAX_FILE": NATS_MAX_FILE} | self.environment,
            )
        wait_for("nats-server", self.process, self._answers)

    def kill(self) -> None:
        """As a crash does it: SIGKILL, no farewell."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        if self.process is not None:
            end(self.process)
            self.process = None

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 0.5) as connection:
                return connection.recv(5) == b"INFO "
        except OSError:
            return False


@contextmanager
def nats_server() -> Iterator[NatsServer]:
    """`sync_interval: always`, as in production: what is acknowledged survives a kill."""
    with tempfile.TemporaryDirectory(prefix="tribune-nats-", ignore_cleanup_errors=True) as folder:
        for tries_left in reversed(range(3)):
            server = NatsServer(Path(folder), free_port())
            try:
                server.start()
                break
            except RuntimeError:  # another worker's server took the port in the same moment
                if not tries_left:
                    raise
        try:
            yield server
        finally:
            server.stop()


@dataclass
class PostgresServer:
    """Can be stopped and started again; `port` only names its socket, it listens on no network."""

    directory: Path
    port: int
    owner: str | None = None
    process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres") -> str:
        """For `open_database`."""
        return f"postgresql://tribune@/{database}?host={self.directory}&port={self.port}"

    def initialise(self) -> None:
        initdb = [_postgres("initdb"), "-D", str(self._data), "-U", "tribune", "-A", "trust"]
        locale = ["-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run(  # noqa: S603
            [*initdb, *locale], user=self.owner, cwd=self.directory, check=True, capture_output=True
        )

    def start(self) -> None:
        """Returns when the server takes connections."""
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.directory),
            "fsync": "off",
            "max_connections": "50",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.directory / "postgres.log").open("ab") as log:
            self.process = subprocess.Popen(  # noqa: S603
                [_postgres("postgres"), "-D", str(self._data), "-p", str(self.port), *options],
                user=self.owner,
                cwd=self.directory,
                stdout=log,
                stderr=log,
            )
        wait_for("postgres", self.process, self._answers)

    def stop(self) -> None:
        """A fast shutdown: open connections are ended."""
        if self.process is not None:
            end(self.process, signal.SIGINT)
            self.process = None

    def send(self, sign: signal.Signals) -> None:
        """To the server and its processes, one for each connection; it comes first and makes no
        more of them."""
        if self.process is not None:
            self.process.send_signal(sign)
            of = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
            for child in map(int, of.read_text().split()):
                os.kill(child, sign)

    @property
    def _data(self) -> Path:
        return self.directory / "data"

    def _answers(self) -> bool:
        ready = [_postgres("pg_isready"), "-q", "-h", str(self.directory), "-p", str(self.port)]
        return subprocess.run(ready, check=False).returncode == 0  # noqa: S603


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """With the machine's own binaries, as an unprivileged user when we are root."""
    with tempfile.TemporaryDirectory(prefix="tribune-pg-", ignore_cleanup_errors=True) as folder:
        owner = _unprivileged() if os.geteuid() == 0 else None
        if owner is not None:
            shutil.chown(folder, user=owner)
        server = PostgresServer(Path(folder), free_port(), owner)
        server.initialise()
        try:
            server.start()
            yield server
        finally:
            server.stop()


def dump_of(url: str) -> bytes:
    """Of a database of such a server, as an operator's backup has it."""
    return subprocess.run([_postgres("pg_dump"), url], check=True, capture_output=True).stdout  # noqa: S603


def _postgres(name: str) -> str:
    """The newest of the installed versions, or what is on the path."""
    installed = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = max(installed, key=lambda path: int(path.parts[-3]), default=None)
    found = str(newest) if newest else shutil.which(name)
    if found is None:
        raise RuntimeError(
            f"there is no PostgreSQL ({name}) on this machine; install its server package"
        )
    return found


def _unprivileged() -> str:
    """PostgreSQL refuses to run as root."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
