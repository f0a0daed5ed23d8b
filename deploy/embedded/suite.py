"""What a suite on one machine consists of, and where its parts are."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from deploy.suite import SERVICES
from shared.runtime.settings import PORTS, PROJECT

NOTE = "suite.json"


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

    def log_of(self, part: str) -> Path:
        return self.data_dir / f"{part}.log"

    def environment_of(self, part: str) -> dict[str, str]:
        return os.environ | {
            "PYTHONPATH": os.pathsep.join(
                filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")])
            ),
            "TRIBUNE_NATS_URL": self.nats_url,
            "TRIBUNE_NATS_MONITOR_URL": self.monitor_url,
            "TRIBUNE_NATS_MAX_FILE": self.max_file,
            "TRIBUNE_DATA_DIR": str(self.data_dir),
            "TRIBUNE_CHARTER_DIR": str(self.charter_dir),
            "TRIBUNE_CLOCK": self.clock,
            "TRIBUNE_PORT": str(self.service_port(part)) if part in PORTS else "0",
            **_not_from_the_file(),
            **self.environment,
        }

    def note(self) -> None:
        facts = {
            "nats_url": self.nats_url,
            "monitor_url": self.monitor_url,
            "port": self.port,
            "pids": self.pids,
        }
        (self.data_dir / NOTE).write_text(json.dumps(facts))


def _not_from_the_file() -> dict[str, str]:
    """A `.env` describes the composed suite; this one must not write into that one's database."""
    others = ("TRIBUNE_DATABASE_URL", "TRIBUNE_RELEASE_KEY")
    return {name: os.environ.get(name, "") for name in others}
