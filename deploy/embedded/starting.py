"""Waits until everything that was started is ready."""

import asyncio
import socket
from contextlib import suppress

import httpx

from deploy.embedded.suite import Suite

READY_WITHIN_S = 60.0


async def nats_answers(suite: Suite) -> None:
    for _ in range(200):
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", suite.nats_port), 0.5).close()
            return
        await asyncio.sleep(0.05)
    raise RuntimeError(f"NATS does not start; see {suite.log_of('nats')}")


async def all_ready(suite: Suite, keepers: list[asyncio.Task[None]]) -> None:
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
