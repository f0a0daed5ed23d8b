"""One real service in a process of its own, and what it said."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from real_suite import CHARTER

from shared.runtime.door_settings import INNER_FROM_OUTER
from shared.testing.servers import NatsServer, free_port

WITHIN_S = 120.0


@dataclass
class ServiceProcess:
    process: asyncio.subprocess.Process
    port: int
    log: Path

    @property
    def inner_port(self) -> int:
        return self.port + INNER_FROM_OUTER

    @property
    def said(self) -> str:
        return self.log.read_text()

    async def ended(self) -> int:
        """Its exit code, once it has ended by itself."""
        return await asyncio.wait_for(self.process.wait(), WITHIN_S)

    async def ready(self) -> dict[str, Any]:
        """What `/readyz` says once it is ready."""
        async with asyncio.timeout(WITHIN_S):
            while True:
                code, said = await self.readyz()
                if code == httpx.codes.OK:
                    return said
                await asyncio.sleep(0.02)

    async def readyz(self) -> tuple[int, dict[str, Any]]:
        """0 while nobody answers."""
        assert self.process.returncode is None, self.said
        async with httpx.AsyncClient(trust_env=False) as http:
            try:
                answer = await http.get(f"http://127.0.0.1:{self.inner_port}/readyz", timeout=10)
            except httpx.HTTPError:
                return 0, {}
            return answer.status_code, answer.json()


@asynccontextmanager
async def service_process(
    name: str, server: NatsServer, folder: Path, **environment: str
) -> AsyncIterator[ServiceProcess]:
    """On SQLite in `folder`, if the environment names no database."""
    port = free_port()
    given = {
        "TRIBUNE_NATS_URL": server.url,
        "TRIBUNE_NATS_MONITOR_URL": server.monitor_url,
        "TRIBUNE_DATA_DIR": str(folder),
        "TRIBUNE_CHARTER_DIR": str(CHARTER),
        "TRIBUNE_PORT": str(port),
        "TRIBUNE_LOG_FORMAT": "json",
    }
    log = folder / f"{name}-{port}.log"
    with log.open("ab") as told:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deploy.cli", "service", name),
            env=os.environ | given | environment,
            stderr=told,
        )
    try:
        yield ServiceProcess(process, port, log)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
