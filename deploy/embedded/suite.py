"""What a suite on one machine consists of, and where its parts are."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from deploy.locks.certificates import Certificates
from deploy.locks.keyring import Keyring
from deploy.programs import GATE, PROGRAMS
from shared.runtime.door_settings import INNER_PORTS, PORTS
from shared.runtime.ports import free_port, is_free
from shared.runtime.settings import PROJECT
from shared.runtime.whole_files import put

NOTE = "suite.json"
NATS = "nats"
KEYS_OF = {
    "TRIBUNE_RELEASE_KEY": (GATE,),
    "TRIBUNE_DIGEST_KEY": ("intake",),
    "TRIBUNE_SIGNING_KEY": ("promotion",),
    "TRIBUNE_CREDENTIAL_KEY": ("promotion",),
}
"""By variable, the programs that have a use for it."""
KEYS = "keys"


@dataclass
class Suite:
    """What runs where; kept in `suite.json`, where other commands find it by the data directory.

    Its parts are `nats` and the processes of its services, `intake-1` and so on. The first of each
    service has the usual port, further ones have free ones; `inner` are the ports with readiness
    and metrics, on this machine alone. `max_file` is what the log may take, without it `may_store`
    is chosen by the disk; `max_memory` is below which memory NATS is to stay, without it `may_use`
    is chosen by the log. Without `websocket_port` there are no WebSockets. With `tls` NATS speaks
    nothing else, by a certificate of the suite's own authority. `held` is why NATS does
    not run just now.
    `refuses` is why a part ended that is not started again.
    `patience_s` is how long nothing may move while it starts; `heirs` are told who runs.
    """

    data_dir: Path
    charter_dir: Path = PROJECT / "deploy" / "charter"
    port: int = PORTS["publishing"]
    clock: str = "wall"
    replicas: int = 1
    max_file: int = 0
    max_memory: int = 0
    nats_port: int = 0
    monitor_port: int = 0
    websocket_port: int = 0
    tls: bool = False
    services: tuple[str, ...] = PROGRAMS
    environment: dict[str, str] = field(default_factory=dict)
    patience_s: float = 300.0
    pids: dict[str, int] = field(default_factory=dict)
    refuses: dict[str, str] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)
    inner: dict[str, int] = field(default_factory=dict)
    heirs: list[Callable[[list[int]], None]] = field(default_factory=list)
    may_store: int = 0
    may_use: int = 0
    held: str = ""
    ready: bool = False

    @property
    def store(self) -> Path:
        return self.data_dir / "nats"

    @property
    def keys(self) -> Keyring:
        return Keyring(self.data_dir / KEYS)

    def credentials(self, user: str) -> Path:
        return self.keys.creds(user)

    @property
    def nats_url(self) -> str:
        return f"{'tls' if self.tls else 'nats'}://127.0.0.1:{self.nats_port}"

    @property
    def authority(self) -> Path | None:
        return Certificates(self.keys.folder).trusted if self.tls else None

    @property
    def monitor_url(self) -> str:
        return f"http://127.0.0.1:{self.monitor_port}"

    @property
    def processes(self) -> list[str]:
        """Of the services; all first ones before all second ones."""
        numbers = range(1, self.replicas + 1)
        return [f"{service}-{number}" for number in numbers for service in self.services]

    def service_port(self, service: str) -> int:
        """The usual one, of its first process."""
        return self.port + PORTS[service] - PORTS["publishing"]

    def port_of(self, process: str) -> int:
        """A free one stays the process's own unless somebody else has taken it meanwhile; 0 for one
        that has no pages."""
        service, _, number = process.partition("-")
        if service not in PORTS:
            return 0
        if number == "1":
            self.ports[process] = self.service_port(service)
        elif process not in self.ports or not is_free(self.ports[process]):
            self.ports[process] = free_port()
        return self.ports[process]

    def inner_port_of(self, process: str) -> int:
        """The usual one of a first process, as long as nobody else has it."""
        service, _, number = process.partition("-")
        usual = self.port + INNER_PORTS[service] - PORTS["publishing"] if number == "1" else 0
        port = self.inner.get(process, usual)
        self.inner[process] = port if port and is_free(port) else free_port()
        return self.inner[process]

    def log_of(self, part: str) -> Path:
        return self.data_dir / f"{part}.log"

    def environment_of(self, part: str) -> dict[str, str]:
        """For a start of that part."""
        paths = [str(PROJECT), os.environ.get("PYTHONPATH")]
        return os.environ | {
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "TRIBUNE_NATS_URL": self.nats_url,
            "TRIBUNE_NATS_CREDENTIALS": str(self.credentials(part.partition("-")[0])),
            "TRIBUNE_NATS_CA": str(self.authority or ""),
            "TRIBUNE_NATS_MONITOR_URL": self.monitor_url,
            "TRIBUNE_NATS_MAX_FILE": str(self.may_store),
            "TRIBUNE_DATA_DIR": str(self.data_dir),
            "TRIBUNE_CHARTER_DIR": str(self.charter_dir),
            "TRIBUNE_CLOCK": self.clock,
            "TRIBUNE_INSTANCE": part,
            "TRIBUNE_PORT": str(0 if part == NATS else self.port_of(part)),
            "TRIBUNE_INNER_HOST": "127.0.0.1",
            "TRIBUNE_INNER_PORT": str(0 if part == NATS else self.inner_port_of(part)),
            **({"GOMEMLIMIT": str(self.may_use)} if part == NATS else {}),
            **_not_from_the_file(),
            **self._sites(),
            **self.environment,
            **_not_its_own(part),
        }

    def _sites(self) -> dict[str, str]:
        """Ports of this machine, unless somebody has put them under addresses of their own."""
        ports = {f"TRIBUNE_SITES__{name.upper()}": self.service_port(name) for name in PORTS}
        return {name: os.environ.get(name, f":{port}") for name, port in ports.items()}

    def runs(self, part: str, pid: int) -> None:
        self.pids[part] = pid
        self.refuses.pop(part, None)
        self._tell()

    def ended(self, part: str) -> None:
        self.pids.pop(part, None)
        self._tell()

    def refused(self, part: str, reason: str) -> None:
        self.refuses[part] = reason
        self._tell()

    def _tell(self) -> None:
        for tell in self.heirs:
            tell(list(self.pids.values()))
        facts = {
            "nats_url": self.nats_url,
            "monitor_url": self.monitor_url,
            "websocket_port": self.websocket_port,
            "ca": str(self.authority or ""),
            "port": self.port,
            "ports": self.ports,
            "inner": self.inner,
            "pids": self.pids,
            "refuses": self.refuses,
        }
        with suppress(OSError):  # on a full disk the one before stays
            put(self.data_dir / NOTE, json.dumps(facts))


def _not_its_own(part: str) -> dict[str, str]:
    """Who shows pages to strangers is not given what makes public ids, or who people are."""
    program = part.partition("-")[0]
    return {name: "" for name, users in KEYS_OF.items() if program not in users}


VAULT = ("VAULT_DIR", "VAULT_KEY_FILE")


def _not_from_the_file() -> dict[str, str]:
    """A `.env` describes the composed suite; this one must not write into that one's database."""
    made = ("RELEASE_KEY", "DIGEST_KEY", "WEB_KEY", "SIGNING_KEY", "CREDENTIAL_KEY")
    keys = (*made, "OIDC_ISSUER", *VAULT)
    return {
        name: os.environ.get(name, "")
        for name in ("TRIBUNE_DATABASE_URL", *(f"TRIBUNE_{key}" for key in keys))
    }
