"""The composed suite in a clean clone, as its operator handles it: docker compose and `tribune`."""

import gzip
import json
import os
import re
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.request import urlopen

ROOT = Path(__file__).parents[2]
SERVICES = ("intake", "promotion", "publishing")
PROGRAMS = (*SERVICES, "gate")
ROWS_OF = {"intake": "INTAKE", "promotion": "PROMOTION", "publishing": "PUBLIC"}
CONTAINERS = ("nats", "postgres", *PROGRAMS)
FILE = "deploy/data/boston311-2011h2.csv.gz"
BASE = "python:3.11-slim"
MAPPING = "deploy/mappings/boston311.toml"
LOOK_AGAIN_S = 0.2


@dataclass
class Composed:
    clone: Path

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the caller's own settings; `tribune` is the clone's."""
        own = {k: v for k, v in os.environ.items() if not k.startswith("TRIBUNE_")}
        project = f"tribune-test-{os.getpid()}"
        return own | {"COMPOSE_PROJECT_NAME": project, "PYTHONPATH": str(self.clone)}

    def run(self, *command: str, within_s: float = 300, codes: Sequence[int] = (0,)) -> str:
        """Its output; raises with everything it said if it ends with another code."""
        done = subprocess.run(
            command,
            cwd=self.clone,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=within_s,
            check=False,
        )
        said = f"{' '.join(command)} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert done.returncode in codes, said
        return done.stdout

    def run_saying(self, *command: str, code: int) -> str:
        """What it says on stderr, where it ends with this code."""
        done = subprocess.run(
            command, cwd=self.clone, env=self.environment, capture_output=True, text=True,
            timeout=300, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return " ".join(done.stderr.split())

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "deploy.cli", *arguments]

    def compose(self, *arguments: str) -> str:
        return self.run("docker", "compose", "--ansi", "never", *arguments)

    def tribune(self, *arguments: str, codes: Sequence[int] = (0,)) -> str:
        """From the host."""
        return self.run(*self.command(*arguments), within_s=3_000, codes=codes)

    def tools(self, *arguments: str, mounted: Sequence[str] = ()) -> str:
        """In a container; `mounted` as `docker compose run` takes it."""
        options = [option for mount in mounted for option in ("--volume", mount)]
        return self.compose("run", "--rm", "-T", *options, "tribune", *arguments)

    def publish(self, file: str) -> dict[str, int]:
        said = self.tribune("publish", file, "--mapping", MAPPING, "--json")
        return dict(json.loads(said))

    @contextmanager
    def publishing(self, file: str) -> Iterator["subprocess.Popen[str]"]:
        """In the background; ended at the latest when the test leaves."""
        command = [sys.executable, "-m", "deploy.cli", "publish", file, "--mapping", MAPPING]
        with subprocess.Popen(
            [*command, "--json"],
            cwd=self.clone,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def status(self) -> dict[str, Any]:
        return dict(json.loads(self.tribune("status", "--json")))

    def inspect(self, service: str, number: int = 1) -> dict[str, Any]:
        containers = self.compose("ps", "--all", "--quiet", service).split()
        found = json.loads(self.run("docker", "inspect", *containers))
        label = "com.docker.compose.container-number"
        return next(dict(one) for one in found if one["Config"]["Labels"][label] == str(number))

    def kill(self, service: str, number: int = 1) -> int:
        """SIGKILL by the pid on the host, as a crash does it; the pid.

        `docker kill` would count as a stop by hand, after which nothing is started again.
        """
        pid = int(self.inspect(service, number)["State"]["Pid"])
        on_the_host = ["docker", "run", "--rm", "--pid", "host", BASE]
        self.run(*on_the_host, "sh", "-c", f"kill -9 {pid}")
        return pid

    def part(self, rows: int) -> Path:
        """The first rows of the half year, as a file of its own."""
        part = self.clone.parent / f"first-{rows}.csv"
        with gzip.open(self.clone / FILE, "rt", encoding="utf-8") as whole:
            part.write_text("".join(islice(whole, rows + 1)))
        return part

    def settled(self) -> bool:
        """Nothing waits to be worked through."""
        status = self.status()
        ends = {row["stream"]: row["last_sequence"] for row in status["streams"]}
        rows = {name: status["services"][name]["positions"]["projections"] for name in ROWS_OF}
        return not any(row["lag"] for row in status["readers"]) and all(
            rows[service] >= ends[stream] for service, stream in ROWS_OF.items()
        )

    def page(self, path: str = "/") -> str:
        with self.get(f"https://127.0.0.1:{self.ports['SITE']}{path}") as answer:
            return str(answer.read().decode())

    def get(self, address: str) -> Any:
        return urlopen(address, timeout=30, context=self.trust)  # noqa: S310

    @property
    def trust(self) -> ssl.SSLContext:
        """The edge's own authority, as a reader's browser would be told of it."""
        file = "/data/caddy/pki/authorities/local/root.crt"
        return ssl.create_default_context(cadata=self.compose("exec", "-T", "edge", "cat", file))

    @property
    def ports(self) -> dict[str, int]:
        text = (self.clone / ".env").read_text()
        return {name: int(port) for name, port in re.findall(r"TRIBUNE_(\w+)_PORT=(\d+)", text)}

    def take_free_ports(self) -> None:
        """As an operator does whose usual ports are taken: by editing `.env`."""
        file = self.clone / ".env"
        text = file.read_text()
        with ExitStack() as probes:
            for name in self.ports:
                probe = probes.enter_context(socket.socket())
                probe.bind(("127.0.0.1", 0))
                text = re.sub(rf"(TRIBUNE_{name}_PORT)=\d+", rf"\1={probe.getsockname()[1]}", text)
        file.write_text(text)


@contextmanager
def cloned(folder: Path) -> Iterator[Composed]:
    """A clean clone; what was started from it is gone afterwards, with its volumes."""
    clone = folder / "tribune"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    suite = Composed(clone)
    try:
        yield suite
    finally:
        if (clone / ".env").exists():
            suite.compose("--profile", "tools", "down", "--volumes", "--timeout", "5")


def eventually(what: str, holds: Callable[[], bool], within_s: float) -> float:
    """Wait until it holds; how many seconds that took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < within_s, f"not within {within_s} s: {what}"
        time.sleep(LOOK_AGAIN_S)
    return time.monotonic() - began
