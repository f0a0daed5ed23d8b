"""`tribune trace` tells at a terminal what the page under a code tells."""

import io
import json
from collections.abc import AsyncIterator

import pytest
from nats.aio.client import Client
from served import served
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from street import Street, passer_by, reported, street

from deploy.commands.trace import trace
from deploy.connecting import NoSuiteError
from deploy.given import UnknownNameError
from services.intake.domain.exchange import Inquire
from shared.contracts.identity import aggregate_id
from shared.testing.examples import MONDAY


@pytest.fixture
async def here(nats: Client, database: Engine) -> AsyncIterator[Street]:
    async with street(nats, database) as here:
        yield here


async def told(
    typed: str, at: str, monkeypatch: pytest.MonkeyPatch, *, as_json: bool = False
) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
    return await trace(None, at, as_json=as_json)


async def test_it_tells_what_became_of_it_and_what_the_body_asks(
    here: Street, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async with passer_by(here) as client:
        code = await reported(client)
    report = aggregate_id("report", "boston", await here.codes.name_of(code))
    await here.do(Inquire(report, "inspector", "On which floor?", MONDAY))
    day = MONDAY.date().isoformat()
    async with served(here.app) as site:
        assert await told(code, site, monkeypatch) == 0
        lines = capsys.readouterr().out.splitlines()
        assert lines == [
            "street-lights, us.ma.boston.roxbury",
            f"{day}  received",
            f"{day}  the body asks (inspector): On which floor?",
        ]
        assert await told(code, f"{site}/", monkeypatch, as_json=True) == 0
        assert json.loads(capsys.readouterr().out)["steps"][0]["what"] == "received"
        assert await told("0" * 16, site, monkeypatch) == 1
        assert "No report has this code" in capsys.readouterr().out
        for typed in ("", "1234", "٣" * 15):
            with pytest.raises(UnknownNameError, match="sixteen digits"):
                await told(typed, site, monkeypatch)


async def test_who_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoSuiteError, match="nobody answers"):
        await told("1", "http://127.0.0.1:9", monkeypatch)
    with pytest.raises(NoSuiteError, match="nobody answers"):
        await told("1", "nowhere", monkeypatch)
    async with served(Starlette()) as site:
        with pytest.raises(NoSuiteError, match=r"nobody answers .* such as https://"):
            await told("0" * 16, site, monkeypatch)
    async with served(Starlette(exception_handlers={404: _no_page})) as site:
        with pytest.raises(NoSuiteError, match="has no form, or it is another service's address"):
            await told("0" * 16, site, monkeypatch)


async def _no_page(_request: Request, _error: Exception) -> Response:
    return JSONResponse({"detail": "There is no such page here."}, status_code=404)
