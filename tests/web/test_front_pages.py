"""Intake and promotion, as they really run, have a front page that says what they are and how they
do."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from nats.aio.client import Client
from real_suite import until
from service_process import ServiceProcess, service_process

from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams
from shared.runtime.ports import free_port
from shared.testing.servers import NatsServer

WHAT = {
    "intake": "answers each with a receipt, and raises every commitment",
    "promotion": "recognises those who meet a published rule",
}


@asynccontextmanager
async def pages(of: ServiceProcess) -> AsyncIterator[httpx.AsyncClient]:
    base = f"http://127.0.0.1:{of.port}"
    async with httpx.AsyncClient(trust_env=False, base_url=base) as http:
        yield http


async def says(service: ServiceProcess, reason: str) -> None:
    async def told() -> bool:
        _, said = await service.readyz()
        return any(each.startswith(reason) for each in said.get("reasons", ()))

    await until(told, f"/readyz says: {reason}")


FOR_PROGRAMS = {
    "intake": {
        "/api/trace",
        "/api/trace/files",
        "/api/trace/replies",
        "/attachments",
        "/events",
        "/hooks/{source}/{mapping}",
        "/receipts/{source}/{sequence}",
    },
    "promotion": set(),
}


@pytest.mark.parametrize("name", ["intake", "promotion"])
async def test_it_says_what_it_is_how_it_does_and_where_the_others_are(
    server: NatsServer, nats: Client, tmp_path: Path, name: str
) -> None:
    await declare(nats.jetstream(), suite_streams({"boston": InboxLimits()}))
    there = {"TRIBUNE_SITES__PUBLISHING": "https://tribune.example"}
    async with service_process(name, server, tmp_path, **there) as service, pages(service) as http:
        await service.ready()
        page = await http.get("/")
        assert page.status_code == 200
        assert page.headers["content-security-policy"].startswith("default-src 'none'")
        assert f"<h1>{name.capitalize()}</h1>" in page.text
        assert WHAT[name] in page.text
        assert "<strong>It is ready</strong>" in page.text
        assert 'href="https://tribune.example/"' in page.text
        other = "intake" if name == "promotion" else "promotion"
        assert re.search(rf'href="http://127\.0\.0\.1:800[12]/">{other.capitalize()}<', page.text)
        for together in ("Societies", "Petitions", "Posts"):
            assert re.search(rf'href="[^"]*/{together.lower()}">{together}<', page.text)
        for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text):
            assert (await http.get(address)).status_code == 200
        told = (await http.get("/openapi.json")).json()
        assert set(told["paths"]) == {"/healthz", *FOR_PROGRAMS[name]}
        for path in ("/readyz", "/metrics"):
            assert (await http.get(path)).status_code == 404
            inside = await http.get(f"http://127.0.0.1:{service.inner_port}{path}")
            assert inside.status_code == 200
        page = await http.get(f"http://127.0.0.1:{service.inner_port}/")
        assert page.status_code == 404


async def test_one_that_is_not_ready_says_so_and_strangers_no_more(
    server: NatsServer, bare_nats: Client, tmp_path: Path
) -> None:
    assert bare_nats.is_connected
    async with service_process("promotion", server, tmp_path) as service, pages(service) as http:
        await says(service, "the streams are not there yet")
        page = await http.get("/")
        assert "<strong>It is not ready.</strong>" in page.text
        assert "the streams are not there yet" not in page.text


async def test_one_that_still_waits_for_nats_says_to_come_back(tmp_path: Path) -> None:
    server = NatsServer(tmp_path, free_port())
    async with service_process("intake", server, tmp_path) as service, pages(service) as http:
        await says(service, "waits for NATS")
        page = await http.get("/")
        assert (page.status_code, page.headers["retry-after"]) == (503, "5")
        assert "<h1>Not ready yet</h1>" in page.text
        assert page.headers["x-frame-options"] == "DENY"
