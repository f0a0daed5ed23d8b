"""A cluster of nats-servers on this machine, each with its own folder, that can be killed."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from nats.js.errors import APIError

from deploy.embedded.aftermath import with_its_parent
from deploy.embedded.locking import NATS_CONF
from deploy.embedded.running import nats_server
from shared.eventsourcing.jetstream.connection import Client
from shared.runtime.ports import free_port
from shared.runtime.sizes import GB, MB

SERVERS = 3
FORMS_WITHIN_S, LOOKS_EVERY_S = 60.0, 0.1


@dataclass
class Server:
    """Its name is also its tag, by which streams are placed."""

    name: str
    folder: Path
    port: int = field(default_factory=free_port)
    monitor_port: int = field(default_factory=free_port)
    route_port: int = field(default_factory=free_port)
    process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    async def start(self) -> None:
        ports = ["-p", str(self.port), "-m", str(self.monitor_port)]
        with (self.folder / "nats.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *[nats_server(), "-c", str(self.folder / "nats.conf"), *ports],
                *["-sd", str(self.folder)],
                stdout=log,
                stderr=log,
                env=os.environ | {"TRIBUNE_NATS_MAX_FILE": str(GB)},
                preexec_fn=with_its_parent(),
            )

    async def kill(self) -> None:
        """As by a power cut; nothing if it does not run."""
        if self.process is not None:
            self.process.kill()
            await self.process.wait()
            self.process = None

    async def is_well(self) -> None:
        """Once its streams have caught up. Raises TimeoutError."""
        async with asyncio.timeout(FORMS_WITHIN_S), httpx.AsyncClient(trust_env=False) as http:
            while not await self._answers(http):  # noqa: ASYNC110  nobody tells
                await asyncio.sleep(LOOKS_EVERY_S)

    async def _answers(self, http: httpx.AsyncClient) -> bool:
        try:
            return (await http.get(f"http://127.0.0.1:{self.monitor_port}/healthz")).is_success
        except httpx.HTTPError:
            return False

    async def memory_mb(self) -> float:
        async with httpx.AsyncClient(trust_env=False) as http:
            facts = (await http.get(f"http://127.0.0.1:{self.monitor_port}/varz")).json()
        return round(int(facts["mem"]) / MB, 1)

    def configure(self, others: "list[Server]") -> None:
        """With the settings of the suite's own server."""
        routes = ", ".join(f'"nats://127.0.0.1:{each.route_port}"' for each in others)
        ours = os.path.relpath(NATS_CONF, self.folder)
        (self.folder / "nats.conf").write_text(
            f"include '{ours}'\nserver_name: {self.name}\nserver_tags: [\"{self.name}\"]\n"
            f"cluster {{ name: bench, listen: 127.0.0.1:{self.route_port}, routes: [{routes}] }}\n"
        )


@asynccontextmanager
async def cluster(folder: Path) -> AsyncIterator[list[Server]]:
    """All are ended at the end."""
    servers = []
    for number in range(1, SERVERS + 1):
        name = f"s{number}"
        (folder / name).mkdir()
        servers.append(Server(name, folder / name))
    async with AsyncExitStack() as ends:
        for server in servers:
            server.configure([other for other in servers if other is not server])
            ends.push_async_callback(server.kill)
            await server.start()
        yield servers


async def formed(client: Client) -> None:
    """Once the servers have chosen one that places streams. Raises TimeoutError."""
    async with asyncio.timeout(FORMS_WITHIN_S):
        while True:
            try:
                await client.jetstream().account_info()
            except (APIError, TimeoutError):
                await asyncio.sleep(LOOKS_EVERY_S)
            else:
                return
